"""Replies that a person may begin from, in the customer's language.

A draft greets, takes up the subject and leads to what only a person can add, which stands in square brackets. It claims
nothing and promises nothing; nobody but a person sends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from convagent.handover.redact import in_short

__all__ = ["DRAFTS", "FAMILIAR_DRAFTS", "draft_reply"]

DRAFTS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "hello": "Hello{name}, I've read everything you wrote{about}.",
        "about": " about {subject}",
        "go_on": "[What you can do now, and by when.]",
        "upset_customer": "I'm sorry that it went like this. [What went wrong, and what you do about it.]",
        "missing_knowledge": "You asked: {issue} [The answer.]",
        "low_confidence": "So that I get it right: [one question]?",
        "action_failed": "[What has been done, and what you finish now.]",
        "not_permitted": "[Yes or no, and why.]",
        "unverified_customer": "Before I look into the account: [how you make sure who writes]?",
        "several_open_requests": "One after the other: [first request: …; second request: …]",
        "self_harm": "I'm glad you wrote, and I'm here as a person. [Warmth first; emergency number and helpline.]",
        "violence": "[Only once you have judged whether anybody is in danger.]",
        "legal_threat": "Your message is with the person who answers for this. [Name, and when they write.]",
        "injury": "Is everyone all right? Please keep it, and use it no longer. [What product safety needs.]",
        "medical": "Is everyone well? [What the label says; no medical advice.]",
        "payment_card_data": "Please send no card numbers; I have removed the one above. [Then the request itself.]",
        "account_data": "Please send no bank details or passwords; I have removed them above. [Then the request itself.]",
        "fraud": "Thank you for telling us. [What you have looked at, and what comes next.]",
        "chargeback": "I've looked at the payment. [What the payment provider's record says.]",
        "press": "Thank you for asking. [Who speaks for the shop, and when they write.]",
        "controversial": "Thank you for your message. [A kind word; no side taken.]",
        "billing_problem": "I've compared it with the payment record. [What was booked, and what goes back.]",
        "technical_fault": "I've tried it myself. [What you found, and another way meanwhile.]",
    },
    "de": {
        "hello": "Guten Tag{name}, ich habe alles gelesen, was Sie geschrieben haben{about}.",
        "about": " (es geht um {subject})",
        "go_on": "[Was Sie jetzt tun können und bis wann.]",
        "upset_customer": "Es tut mir leid, dass es so gelaufen ist. [Was schiefging und was Sie dagegen tun.]",
        "missing_knowledge": "Sie haben gefragt: {issue} [Die Antwort.]",
        "low_confidence": "Damit ich es richtig verstehe: [eine Frage]?",
        "action_failed": "[Was geschehen ist und was Sie jetzt zu Ende bringen.]",
        "not_permitted": "[Ja oder nein, und warum.]",
        "unverified_customer": "Bevor ich ins Konto sehe: [wie Sie sichergehen, wer schreibt]?",
        "several_open_requests": "Eins nach dem anderen: [erstes Anliegen: …; zweites Anliegen: …]",
        "self_harm": "Gut, dass Sie geschrieben haben; hier ist ein Mensch. [Erst Wärme; Notruf und Beratungsstelle.]",
        "violence": "[Erst wenn beurteilt ist, ob jemand in Gefahr ist.]",
        "legal_threat": "Ihre Nachricht liegt bei der Person, die dafür einsteht. [Name, und wann sie schreibt.]",
        "injury": "Geht es allen gut? Bitte nicht weiter benutzen, aber aufheben. [Was die Produktsicherheit braucht.]",
        "medical": "Sind alle wohlauf? [Was auf dem Etikett steht; kein medizinischer Rat.]",
        "payment_card_data": "Bitte senden Sie keine Kartennummern; die obige habe ich entfernt. [Dann das Anliegen.]",
        "account_data": "Bitte senden Sie keine Bankdaten oder Passwörter; ich habe sie entfernt. [Dann das Anliegen.]",
        "fraud": "Danke für den Hinweis. [Was Sie sich angesehen haben und wie es weitergeht.]",
        "chargeback": "Ich habe mir die Zahlung angesehen. [Was beim Zahlungsanbieter steht.]",
        "press": "Danke für die Anfrage. [Wer für den Laden spricht und wann.]",
        "controversial": "Danke für die Nachricht. [Ein freundliches Wort; keine Partei.]",
        "billing_problem": "Ich habe es mit den Zahlungsdaten verglichen. [Was gebucht wurde und was zurückgeht.]",
        "technical_fault": "Ich habe es selbst versucht. [Was Sie fanden, und solange ein anderer Weg.]",
    },
    "fr": {
        "hello": "Bonjour{name}, j'ai lu tout ce que vous avez écrit{about}.",
        "about": " au sujet de {subject}",
        "go_on": "[Ce que vous pouvez faire maintenant, et pour quand.]",
        "upset_customer": "Toutes mes excuses pour la façon dont cela s'est passé. [Ce qui a mal tourné, et la suite.]",
        "missing_knowledge": "Vous avez demandé : {issue} [La réponse.]",
        "low_confidence": "Pour être sûr de bien comprendre : [une seule question] ?",
        "action_failed": "[Ce qui a été fait, et ce que vous terminez maintenant.]",
        "not_permitted": "[Oui ou non, et pourquoi.]",
        "unverified_customer": "Avant de regarder le compte : [comment vous vérifiez qui écrit] ?",
        "several_open_requests": "Une chose après l'autre : [première demande : … ; deuxième demande : …]",
        "self_harm": "Vous avez bien fait d'écrire ; une personne vous lit. [Chaleur d'abord ; urgences et écoute.]",
        "violence": "[Seulement après avoir jugé si quelqu'un est en danger.]",
        "legal_threat": "Votre message est chez la personne qui en répond. [Son nom, et quand elle écrit.]",
        "injury": "Tout le monde va bien ? Gardez le produit, sans l'utiliser. [Ce dont la sécurité a besoin.]",
        "medical": "Est-ce que tout le monde va bien ? [Ce que dit l'étiquette ; aucun conseil médical.]",
        "payment_card_data": "N'envoyez pas de numéro de carte ; j'ai retiré celui d'au-dessus. [Puis la demande.]",
        "account_data": "N'envoyez ni coordonnées bancaires ni mot de passe ; je les ai retirés. [Puis la demande.]",
        "fraud": "Merci de nous prévenir. [Ce que vous avez regardé, et la suite.]",
        "chargeback": "J'ai regardé le paiement. [Ce qu'en dit le prestataire.]",
        "press": "Merci de votre demande. [Qui parle au nom de la boutique, et quand.]",
        "controversial": "Merci de votre message. [Un mot aimable ; sans prendre parti.]",
        "billing_problem": "J'ai comparé avec les paiements enregistrés. [Ce qui a été débité, ce qui est remboursé.]",
        "technical_fault": "J'ai essayé moi-même. [Ce que vous avez trouvé, et un autre moyen en attendant.]",
    },
}
"""By language and by reason or topic; `go_on` where there is none of its own."""

FAMILIAR_DRAFTS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "hello": "Hallo{name}, ich habe alles gelesen, was du geschrieben hast{about}.",
        "missing_knowledge": "Du hast gefragt: {issue} [Die Antwort.]",
        "self_harm": "Gut, dass du geschrieben hast; hier ist ein Mensch. [Erst Wärme; Notruf und Beratungsstelle.]",
        "legal_threat": "Deine Nachricht liegt bei der Person, die dafür einsteht. [Name, und wann sie schreibt.]",
        "payment_card_data": "Bitte sende keine Kartennummern; die obige habe ich entfernt. [Dann das Anliegen.]",
        "account_data": "Bitte sende keine Bankdaten oder Passwörter; ich habe sie entfernt. [Dann das Anliegen.]",
    },
    "fr": {
        "hello": "Bonjour{name}, j'ai lu tout ce que tu as écrit{about}.",
        "missing_knowledge": "Tu as demandé : {issue} [La réponse.]",
        "self_harm": "Tu as bien fait d'écrire ; une personne te lit. [Chaleur d'abord ; urgences et écoute.]",
        "legal_threat": "Ton message est chez la personne qui en répond. [Son nom, et quand elle écrit.]",
        "payment_card_data": "N'envoie pas de numéro de carte ; j'ai retiré celui d'au-dessus. [Puis la demande.]",
        "account_data": "N'envoie ni coordonnées bancaires ni mot de passe ; je les ai retirés. [Puis la demande.]",
        "injury": "Tout le monde va bien ? Garde le produit, sans l'utiliser. [Ce dont la sécurité a besoin.]",
        "press": "Merci de ta demande. [Qui parle au nom de la boutique, et quand.]",
        "controversial": "Merci de ton message. [Un mot aimable ; sans prendre parti.]",
    },
}
"""What replaces them where customers are addressed familiarly. What stands in brackets speaks to the team all the same."""


def draft_reply(
    *,
    reason: str,
    topic: str | None,
    language: str,
    name: str = "",
    subject: str = "",
    issue: str = "",
    familiar: bool = False,
) -> str:
    """A reply for the person to finish, in the customer's language; English where there are no words for it.

    Args:
        reason: The handover's reason code.
        topic: Its topic, when it has one; it says more than the reason.
        language: The customer's, ISO 639.
        name: The customer's first name.
        subject: What it is about: an order's number.
        issue: What the customer wrote; quoted where a question is answered.
        familiar: Whether the customer is addressed as du and tu.
    """
    base = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    words = {**DRAFTS.get(base, DRAFTS["en"]), **(FAMILIAR_DRAFTS.get(base, {}) if familiar else {})}
    body = words.get(topic or "", words.get(reason, words["go_on"]))
    about = words["about"].format(subject=in_short(subject, 40)) if subject.strip() else ""
    hello = words["hello"].format(name=f" {in_short(name, 40)}" if name.strip() else "", about=about)
    if topic in {"self_harm", "violence"}:
        return body  # routine would be out of place
    return f"{hello} {body.replace('{issue}', f'“{in_short(issue, 100)}”')}"
