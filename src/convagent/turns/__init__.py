"""The parts of a turn's path, a module each; `convagent.turn` walks it.

state         what the agent has opened, what one turn knows and did, what it came to
opening       from an opened shop to what its turns work with
message       what comes in, checked before a turn begins
roots         what guidance may name
identity      who writes, and what proves it
articles      what the help centre answers
hearing       understand: the message as requests, signals and judgements
waiting       a message of somebody who waits for a person
unfinished    what a worker that died has left behind
acting        look-ups and actions, written down before they are issued
handing_over  the handover with its note, also where something broke
verifying     the reply held against what backs it
wording       what a chat model words of the reply
composing     the decision as an outcome and a reply
keeping       the turn as it is kept
"""
