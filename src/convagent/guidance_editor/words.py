"""The words of the language for authors: what each does, and how it is begun. Shown by completion and hover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["HEADERS", "PROPERTIES", "STATEMENTS", "Word"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that a line begins with.

    Attributes:
        does: What it does, in a sentence.
        snippet: How it is begun, with the places to fill in, as editors write them: `${1:name}`.
        example: A line that uses it.
    """

    does: str
    snippet: str
    example: str


STATEMENTS: Mapping[str, Word] = {
    "need": Word("Declares what must be known; it is asked for when something depends on it.",
                 "Need ${1:order}: ${2:one of customer.orders}", "Need order: one of customer.orders"),
    "let": Word("A name for a value, or for what a look-up gives.", "Let ${1:name} be $2",
                "Let refund be sum of its price over items"),
    "if": Word("A branch. The first that opens ends the guide, unless its last step is `go on`.",
               "If ${1:condition}:\n   - $0", 'If order.status is "shipped":'),
    "otherwise": Word("Steps for when no branch above opened.", "Otherwise:\n   - $0", "Otherwise:"),
    "ask": Word("Asks exactly here, whatever was written before.", 'Ask "$1" for ${2:name}: ${3:yes or no}',
                'Ask "Is it unopened?" for unopened: yes or no'),
    "say": Word("A text, word for word.", 'say "$1"', 'say "It takes 2 to 4 working days."'),
    "refuse": Word("A text; the guide ends, and the request counts as not done.", 'refuse "$1"',
                   'refuse "That order has left us already."'),
    "confirm": Word("Shows what will be done, and waits for a yes to exactly the actions that follow.", 'confirm "$1"',
                    'confirm "Cancel {{ order.id }}?"'),
    "do": Word("An action of the shop, or `advise`: the built-in shopping assistant.", "do ${1:action}",
               "do cancel_order with order = order.id"),
    "hand over": Word("To a person; team, `urgently` and reason can be left out.",
                      'hand over to "${1:team}" because ${2:guidance}', 'hand over to "returns" because action_failed'),
    "go to": Word("On in another guide.", 'go to "${1:Title}"', 'go to "Cancel an order"'),
    "go on": Word("At the end of a branch: reading goes on below it.", "go on", "go on"),
    "give": Word("What a guide with `Gives` gives.", "give ${1:name} = ${2:value}", "give customer = found"),
    "answer": Word("An answer with its source, from all articles or from those named.", 'answer from "${1:Article}"',
                   'answer from "Returns and refunds"'),
    "recommend": Word("Shows products; those out of stock are left out.", "recommend ${1:first 3 of catalog where its in_stock}",
                      "recommend first 3 of catalog where its in_stock"),
    "offer": Word("A discount code.", 'offer "${1:CODE}" of ${2:10%}', 'offer "WELCOME10" of 10%'),
    "tag": Word("A note for the helpdesk, in the turn's trace.", 'tag "${1:label}"', 'tag "late parcel"'),
    "close": Word("Ends the conversation.", "close", "close"),
    "set": Word("Keeps a value with the conversation, to be read from there on.", "set conversation.${1:name} to ${2:value}",
                'set conversation.plan to "gold"'),
    "snooze": Word("Puts the conversation aside for a while.", "snooze for ${1:3 days}", "snooze for 3 days"),
    "never": Word("A rule for the whole shop: an action that is blocked, or words that no text of ours may hold.",
                  "Never do ${1:any write} unless ${2:customer.verified}", "Never do any write unless customer.verified"),
}  # fmt: skip
"""What a statement begins with."""

PROPERTIES: Mapping[str, Word] = {
    "ask": Word("The question; `{{ choices }}` is what can be picked.", 'ask "$1"', 'ask "Which order is it?"'),
    "must": Word("What counts as an answer; `it` and `its …` are the answer.", 'must ${1:condition}, else say "$2"',
                 'must its price < 100 EUR, else say "That one is too dear."'),
    "else": Word("When there is no such thing, or the customer can't say.", 'else ${1|say,refuse|} "$2"',
                 'else refuse "That one isn\'t in stock."'),
    "within": Word("How long the answer is waited for.", "within ${1:3 days}, else ${2|close,hand over|}",
                   "within 3 days, else close"),
    "if it fails": Word("What is done when the action fails; without it a person takes over.", "if it fails: $0",
                        'if it fails: hand over to "returns" because action_failed'),
}  # fmt: skip
"""What a line below a `Need`, an `Ask` or a `do` begins with."""

HEADERS: Mapping[str, Word] = {
    "safeguard": Word("Tried before all other guides, on every message; once in a conversation, or each time.", "Safeguard",
                      "Safeguard each time"),
    "gives": Word("Finds something that other guides need.", "Gives ${1:customer}", "Gives customer"),
    "when": Word("A request in plain words, with examples below; `not` before those that only look like it.",
                 'When the customer ${1:asks …}:\n- "$2"', "When the customer asks to return something:"),
    "it seems": Word("Examples for a judgement that conditions ask for.", 'It seems "${1:the customer is in a hurry}":\n- "$2"',
                     'It seems "the customer is in a hurry":'),
    "on": Word("An event of the storefront that starts the guide.", "On ${1:product_viewed} for ${2:45 seconds}",
               "On product_viewed for 45 seconds"),
    "only for": Word("The cases that the guide is meant for.", "Only for ${1:condition}", 'Only for channel is "chat"'),
    "at most": Word("How often for one customer.", "At most ${1|once,twice,3 times|} a ${2|conversation,day,week,month,year|}",
                    "At most once a day"),
    "after": Word("When several requests come together, this guide is read after those.", 'After "${1:Title}"',
                  'After "Return items"'),
}  # fmt: skip
"""What a line of a guide's header begins with."""
