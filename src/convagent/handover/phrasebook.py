"""The built-in sentences that a customer reads when a person takes over, by language and name.

They say what happens next and promise nothing but what the settings state: no "at once", nothing about what the person
will decide. What the shop's own voice wants otherwise, it replaces by the setting `texts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["FAMILIAR", "SENTENCES"]

SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "customer_request": "Of course. I'm passing this to a person.",
        "upset_customer": "I'm sorry, this isn't how it should have gone. I'm passing it to a person.",
        "sensitive_topic": "This is for a person rather than for me, so I'm passing it on.",
        "guidance": "This is one for a person, so I'm passing it on.",
        "missing_knowledge": "I don't have a reliable answer to that, and I'd rather not guess. "
        "I'm passing it to a person.",
        "low_confidence": "I'm not certain that I've understood this rightly. "
        "Before I get it wrong, I'm passing it to a person.",
        "several_open_requests": "That's several things at once, and none of them should get lost. "
        "I'm passing them to a person.",
        "action_failed": "That didn't go as it should have. I'm passing it to a person, with everything I know so far.",
        "not_permitted": "That's more than I'm allowed to do myself. I'm passing it to a person.",
        "unverified_customer": "I can't be certain enough that this is your account to go on by myself. "
        "I'm passing it to a person.",
        "no_progress": "We're going round in circles, and that's my doing. I'm passing it to a person.",
        "outside_scope": "That's outside what I can settle. I'm passing it to a person.",
        "engine_error": "Something went wrong at my end. I'm passing this to a person.",
        "self_harm": "I'm glad that you wrote this, and I'm sorry that it is so hard right now. Please don't stay alone "
        "with it: call somebody close to you, or {emergency} or your local emergency number if you may be in danger. "
        "A person here will read your message too; please don't wait for us.",
        "violence": "I've read this and I'm passing it to a person. If anyone is in danger, please ring {emergency} or "
        "your local emergency number first.",
        "injury": "I'm sorry that happened. If anyone is hurt, please ring {emergency} or your local emergency number first. "
        "Stop using it and keep it. I'm passing this to a person.",
        "legal_threat": "This needs a person who can answer for it, so I'm passing it on.",
        "medical": "Questions of health are for a person, and beyond the label for a doctor or pharmacist. I'm passing "
        "this on. If somebody is badly unwell right now, please ring {emergency} or your local emergency number first.",
        "payment_card_data": "Please leave card numbers out of messages. I'm passing this to a person.",
        "account_data": "Please leave bank details and passwords out of messages; we never ask for them. I'm passing "
        "this to a person.",
        "fraud": "A person should look at this, so I'm passing it on.",
        "chargeback": "A disputed payment is for a person, so I'm passing it on.",
        "press": "Questions from the press are answered by a person, so I'm passing it on.",
        "controversial": "On that I keep out of the debate. I'm passing your message to a person.",
        "vip_complaint": "That should go better for you than it did. I'm passing it to a person.",
        "refund_exception": "An exception is for a person to decide, so I'm passing it on.",
        "billing_problem": "A person compares this with the payment records. I'm passing it on.",
        "technical_fault": "That sounds like a fault on our side of the screen. I'm passing it to a person who can look.",
        "sorry": "I'm sorry about this.",
        "open": "You should have an answer by {when}.",
        "away": "Nobody is at their desk right now; you should have an answer by {when}.",
        "no_hours": "Their answer will reach you in this conversation.",
        "no_repeating": "They see everything you've written, so you needn't repeat any of it.",
        "contact": "If you'd rather be reached elsewhere, write an e-mail address or phone number here, and it "
        "is passed on.",
        "failed": "Passing this on didn't work just now. Everything you've written is kept, and nothing of it "
        "gets lost.",
        "late": "Nobody has got to this yet, later than I told you, and I'm sorry. It now stands higher on the list.",
        "returned": "Gladly, I'm back. What can I do for you?",
    },
    "de": {
        "customer_request": "Gern. Ich gebe das an einen Menschen weiter.",
        "upset_customer": "Es tut mir leid, so hätte das nicht laufen sollen. Ich gebe es an einen Menschen weiter.",
        "sensitive_topic": "Das ist etwas für einen Menschen und nicht für mich. Ich gebe es weiter.",
        "guidance": "Darum kümmert sich am besten ein Mensch. Ich gebe es weiter.",
        "missing_knowledge": "Darauf habe ich keine verlässliche Antwort, und raten möchte ich nicht. "
        "Ich gebe die Frage an einen Menschen weiter.",
        "low_confidence": "Ich bin nicht sicher, ob ich das richtig verstanden habe. "
        "Bevor ich etwas falsch mache, gebe ich es an einen Menschen weiter.",
        "several_open_requests": "Das sind mehrere Dinge auf einmal, und keines davon soll untergehen. "
        "Ich gebe sie an einen Menschen weiter.",
        "action_failed": "Das hat nicht so geklappt, wie es sollte. "
        "Ich gebe es mit allem, was ich bisher weiß, an einen Menschen weiter.",
        "not_permitted": "Das darf ich nicht selbst entscheiden. Ich gebe es an einen Menschen weiter.",
        "unverified_customer": "Ich kann nicht sicher genug feststellen, dass es um Ihr eigenes Konto geht, und darf "
        "deshalb allein nicht weitermachen. Ich gebe es an einen Menschen weiter.",
        "no_progress": "Wir drehen uns im Kreis, und das liegt an mir. Ich gebe es an einen Menschen weiter.",
        "outside_scope": "Das kann ich hier nicht klären. Ich gebe es an einen Menschen weiter.",
        "engine_error": "Bei mir ist etwas schiefgegangen. Ich gebe das an einen Menschen weiter.",
        "self_harm": "Ich bin froh, dass Sie das schreiben, und es tut mir leid, dass es gerade so schwer ist. Bitte "
        "bleiben Sie damit nicht allein: Rufen Sie jemanden an, der Ihnen nahesteht, und bei Gefahr {emergency} oder "
        "Ihren örtlichen Notruf. Auch ein Mensch bei uns liest Ihre Nachricht; bitte warten Sie nicht auf uns.",
        "violence": "Ich habe das gelesen und gebe es an einen Menschen weiter. Falls jemand in Gefahr ist, rufen Sie "
        "bitte zuerst {emergency} oder Ihren örtlichen Notruf an.",
        "injury": "Das tut mir leid. Falls jemand verletzt ist, rufen Sie bitte zuerst {emergency} oder Ihren örtlichen "
        "Notruf an. Benutzen Sie es nicht weiter, und heben Sie es auf. Ich gebe das an einen Menschen weiter.",
        "legal_threat": "Darauf sollte ein Mensch antworten, der dafür einstehen kann. Ich gebe es weiter.",
        "medical": "Fragen zur Gesundheit sind für einen Menschen und, über das Etikett hinaus, für Ärztin oder "
        "Apotheker. Ich gebe das weiter. Falls es jemandem gerade sehr schlecht geht, rufen Sie bitte zuerst "
        "{emergency} oder Ihren örtlichen Notruf an.",
        "payment_card_data": "Bitte schreiben Sie keine Kartennummern in Nachrichten. "
        "Ich gebe das an einen Menschen weiter.",
        "account_data": "Bitte schreiben Sie keine Bankdaten und Passwörter in Nachrichten; wir fragen nie danach. "
        "Ich gebe das an einen Menschen weiter.",
        "fraud": "Das sollte sich ein Mensch ansehen. Ich gebe es weiter.",
        "chargeback": "Eine strittige Zahlung ist etwas für einen Menschen. Ich gebe es weiter.",
        "press": "Fragen der Presse beantwortet ein Mensch. Ich gebe es weiter.",
        "controversial": "Aus dieser Debatte halte ich mich heraus. Ich gebe die Nachricht an einen Menschen weiter.",
        "vip_complaint": "Das hätte besser laufen sollen. Ich gebe es an einen Menschen weiter.",
        "refund_exception": "Über eine Ausnahme entscheidet ein Mensch. Ich gebe es weiter.",
        "billing_problem": "Das vergleicht ein Mensch mit den Zahlungsdaten. Ich gebe es weiter.",
        "technical_fault": "Das klingt nach einer Störung auf unserer Seite. Ich gebe es an einen Menschen weiter, der "
        "nachsehen kann.",
        "sorry": "Das tut mir leid.",
        "open": "Eine Antwort sollte bis {when} da sein.",
        "away": "Gerade ist niemand am Platz; eine Antwort sollte bis {when} da sein.",
        "no_hours": "Die Antwort kommt in diesem Gespräch.",
        "no_repeating": "Dort ist alles zu sehen, was Sie geschrieben haben; wiederholen müssen Sie nichts.",
        "contact": "Wenn wir Sie anders erreichen sollen, schreiben Sie hier eine E-Mail-Adresse oder "
        "Telefonnummer; sie wird weitergegeben.",
        "failed": "Das Weitergeben hat gerade nicht geklappt. Alles, was Sie geschrieben haben, ist aufbewahrt; "
        "nichts davon geht verloren.",
        "late": "Bisher ist niemand dazu gekommen, später als ich gesagt hatte; das tut mir leid. Es steht "
        "jetzt weiter oben auf der Liste.",
        "returned": "Gern, ich bin wieder da. Was kann ich für Sie tun?",
    },
    "fr": {
        "customer_request": "Bien sûr. Je transmets votre demande à une personne de l'équipe.",
        "upset_customer": "Toutes mes excuses, cela n'aurait pas dû se passer ainsi. "
        "Je transmets votre demande à une personne de l'équipe.",
        "sensitive_topic": "C'est à une personne de répondre plutôt qu'à moi. Je transmets votre demande.",
        "guidance": "Une personne saura mieux régler cela. Je transmets votre demande.",
        "missing_knowledge": "Je n'ai pas de réponse fiable à cette question, et je préfère ne pas deviner. "
        "Je la transmets à une personne de l'équipe.",
        "low_confidence": "Je crains de ne pas avoir bien compris. "
        "Plutôt que de me tromper, je transmets votre demande à une personne de l'équipe.",
        "several_open_requests": "Cela fait plusieurs choses à la fois, et aucune ne doit se perdre. "
        "Je les transmets à une personne de l'équipe.",
        "action_failed": "Cela ne s'est pas passé comme prévu. "
        "Je transmets votre demande à une personne de l'équipe, avec tout ce que je sais jusqu'ici.",
        "not_permitted": "Je n'ai pas le droit de le faire moi-même. "
        "Je transmets votre demande à une personne de l'équipe.",
        "unverified_customer": "Je ne peux pas établir avec assez de certitude qu'il s'agit de votre compte pour "
        "continuer sans aide. Je transmets votre demande à une personne de l'équipe.",
        "no_progress": "Nous tournons en rond, et c'est de mon fait. "
        "Je transmets votre demande à une personne de l'équipe.",
        "outside_scope": "Je ne peux pas régler cela ici. Je transmets votre demande à une personne de l'équipe.",
        "engine_error": "Quelque chose s'est mal passé de mon côté. "
        "Je transmets votre demande à une personne de l'équipe.",
        "self_harm": "Vous avez bien fait de l'écrire, et cela me touche que ce soit si dur en ce moment. Ne restez pas "
        "sans appui : appelez un proche ou, s'il y a danger, le {emergency} ou le numéro d'urgence de votre pays. "
        "Une personne lira aussi votre message chez nous ; s'il vous plaît, ne nous attendez pas.",
        "violence": "J'ai lu votre message et je le transmets à une personne. Si quelqu'un est en danger, appelez "
        "d'abord le {emergency} ou le numéro d'urgence de votre pays.",
        "injury": "J'en suis navré. Si quelqu'un est blessé, appelez d'abord le {emergency} ou le numéro d'urgence de votre "
        "pays. N'utilisez plus le produit et gardez-le. Je transmets votre message à une personne de l'équipe.",
        "legal_threat": "Il faut ici une personne qui puisse en répondre. Je transmets votre demande.",
        "medical": "Les questions de santé sont pour une personne et, au-delà de l'étiquette, pour un médecin ou un "
        "pharmacien. Je transmets votre demande. Si quelqu'un va très mal en ce moment, appelez d'abord le {emergency} "
        "ou le numéro d'urgence de votre pays.",
        "payment_card_data": "N'écrivez pas de numéro de carte dans un message, s'il vous plaît. "
        "Je transmets votre demande à une personne de l'équipe.",
        "account_data": "N'écrivez pas de coordonnées bancaires ni de mot de passe dans un message, s'il vous plaît ; "
        "nous n'en demandons jamais. Je transmets votre demande à une personne de l'équipe.",
        "fraud": "Une personne doit regarder cela. Je transmets votre demande.",
        "chargeback": "Un paiement contesté est l'affaire d'une personne. Je transmets votre demande.",
        "press": "C'est une personne de l'équipe qui répond à la presse. Je transmets votre demande.",
        "controversial": "Je ne prends pas part à ce débat. Je transmets votre message à une personne de l'équipe.",
        "vip_complaint": "Cela aurait dû mieux se passer. Je transmets votre demande à une personne de l'équipe.",
        "refund_exception": "Une exception, c'est à une personne d'en décider. Je transmets votre demande.",
        "billing_problem": "Une personne va comparer cela avec les paiements enregistrés. Je transmets votre demande.",
        "technical_fault": "Cela ressemble à une panne de notre côté. Je transmets votre demande à une personne qui peut "
        "regarder.",
        "sorry": "Toutes mes excuses pour cela.",
        "open": "Vous devriez avoir une réponse au plus tard {when}.",
        "away": "Personne n'est à son poste en ce moment ; vous devriez avoir une réponse au plus tard {when}.",
        "no_hours": "La réponse vous parviendra dans cette conversation.",
        "no_repeating": "La personne verra tout ce que vous avez écrit : vous n'avez rien à répéter.",
        "contact": "Si vous préférez être joint autrement, écrivez ici une adresse e-mail ou un numéro de "
        "téléphone : il sera transmis.",
        "failed": "La transmission n'a pas marché à l'instant. Tout ce que vous avez écrit est conservé, rien "
        "ne se perd.",
        "late": "Personne n'a encore pu s'en occuper, plus tard que je ne l'avais dit ; toutes mes excuses. "
        "Votre demande est maintenant plus haut dans la liste.",
        "returned": "Volontiers, me revoilà. Que puis-je faire pour vous ?",
    },
}
"""Sentences by language and name (`TEXT_KEYS`)."""

FAMILIAR: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "unverified_customer": "Ich kann nicht sicher genug feststellen, dass es um dein eigenes Konto geht, und darf "
        "deshalb allein nicht weitermachen. Ich gebe es an einen Menschen weiter.",
        "self_harm": "Ich bin froh, dass du das schreibst, und es tut mir leid, dass es gerade so schwer ist. Bitte "
        "bleib damit nicht allein: Ruf jemanden an, der dir nahesteht, und bei Gefahr {emergency} oder deinen "
        "örtlichen Notruf. Auch ein Mensch bei uns liest deine Nachricht; bitte warte nicht auf uns.",
        "violence": "Ich habe das gelesen und gebe es an einen Menschen weiter. Falls jemand in Gefahr ist, ruf bitte "
        "zuerst {emergency} oder deinen örtlichen Notruf an.",
        "injury": "Das tut mir leid. Falls jemand verletzt ist, ruf bitte zuerst {emergency} oder deinen örtlichen "
        "Notruf an. Benutze es nicht weiter, und heb es auf. Ich gebe das an einen Menschen weiter.",
        "medical": "Fragen zur Gesundheit sind für einen Menschen und, über das Etikett hinaus, für Ärztin oder "
        "Apotheker. Ich gebe das weiter. Falls es jemandem gerade sehr schlecht geht, ruf bitte zuerst {emergency} "
        "oder deinen örtlichen Notruf an.",
        "payment_card_data": "Bitte schreib keine Kartennummern in Nachrichten. Ich gebe das an einen Menschen weiter.",
        "no_repeating": "Dort ist alles zu sehen, was du geschrieben hast; wiederholen musst du nichts.",
        "account_data": "Bitte schreib keine Bankdaten und Passwörter in Nachrichten; wir fragen nie danach. Ich gebe "
        "das an einen Menschen weiter.",
        "contact": "Wenn wir dich anders erreichen sollen, schreib hier eine E-Mail-Adresse oder Telefonnummer; "
        "sie wird weitergegeben.",
        "failed": "Das Weitergeben hat gerade nicht geklappt. Alles, was du geschrieben hast, ist aufbewahrt; "
        "nichts davon geht verloren.",
        "returned": "Gern, ich bin wieder da. Was kann ich für dich tun?",
    },
    "fr": {
        "customer_request": "Bien sûr. Je transmets ta demande à une personne de l'équipe.",
        "upset_customer": "Toutes mes excuses, cela n'aurait pas dû se passer ainsi. "
        "Je transmets ta demande à une personne de l'équipe.",
        "sensitive_topic": "C'est à une personne de répondre plutôt qu'à moi. Je transmets ta demande.",
        "guidance": "Une personne saura mieux régler cela. Je transmets ta demande.",
        "low_confidence": "Je crains de ne pas avoir bien compris. "
        "Plutôt que de me tromper, je transmets ta demande à une personne de l'équipe.",
        "action_failed": "Cela ne s'est pas passé comme prévu. "
        "Je transmets ta demande à une personne de l'équipe, avec tout ce que je sais jusqu'ici.",
        "not_permitted": "Je n'ai pas le droit de le faire moi-même. "
        "Je transmets ta demande à une personne de l'équipe.",
        "unverified_customer": "Je ne peux pas établir avec assez de certitude qu'il s'agit de ton compte pour "
        "continuer sans aide. Je transmets ta demande à une personne de l'équipe.",
        "no_progress": "Nous tournons en rond, et c'est de mon fait. Je transmets ta demande à une personne de l'équipe.",
        "outside_scope": "Je ne peux pas régler cela ici. Je transmets ta demande à une personne de l'équipe.",
        "engine_error": "Quelque chose s'est mal passé de mon côté. Je transmets ta demande à une personne de l'équipe.",
        "self_harm": "Tu as bien fait de l'écrire, et cela me touche que ce soit si dur en ce moment. Ne reste pas "
        "sans appui : appelle un proche ou, s'il y a danger, le {emergency} ou le numéro d'urgence de ton pays. "
        "Une personne lira aussi ton message chez nous ; s'il te plaît, ne nous attends pas.",
        "violence": "J'ai lu ton message et je le transmets à une personne. Si quelqu'un est en danger, appelle "
        "d'abord le {emergency} ou le numéro d'urgence de ton pays.",
        "injury": "J'en suis navré. Si quelqu'un est blessé, appelle d'abord le {emergency} ou le numéro d'urgence de ton "
        "pays. N'utilise plus le produit et garde-le. Je transmets ton message à une personne de l'équipe.",
        "legal_threat": "Il faut ici une personne qui puisse en répondre. Je transmets ta demande.",
        "medical": "Les questions de santé sont pour une personne et, au-delà de l'étiquette, pour un médecin ou un "
        "pharmacien. Je transmets ta demande. Si quelqu'un va très mal en ce moment, appelle d'abord le {emergency} "
        "ou le numéro d'urgence de ton pays.",
        "payment_card_data": "N'écris pas de numéro de carte dans un message, s'il te plaît. "
        "Je transmets ta demande à une personne de l'équipe.",
        "account_data": "N'écris pas de coordonnées bancaires ni de mot de passe dans un message, s'il te plaît ; "
        "nous n'en demandons jamais. Je transmets ta demande à une personne de l'équipe.",
        "fraud": "Une personne doit regarder cela. Je transmets ta demande.",
        "chargeback": "Un paiement contesté est l'affaire d'une personne. Je transmets ta demande.",
        "press": "C'est une personne de l'équipe qui répond à la presse. Je transmets ta demande.",
        "controversial": "Je ne prends pas part à ce débat. Je transmets ton message à une personne de l'équipe.",
        "vip_complaint": "Cela aurait dû mieux se passer. Je transmets ta demande à une personne de l'équipe.",
        "refund_exception": "Une exception, c'est à une personne d'en décider. Je transmets ta demande.",
        "billing_problem": "Une personne va comparer cela avec les paiements enregistrés. Je transmets ta demande.",
        "technical_fault": "Cela ressemble à une panne de notre côté. Je transmets ta demande à une personne qui peut "
        "regarder.",
        "open": "Tu devrais avoir une réponse au plus tard {when}.",
        "away": "Personne n'est à son poste en ce moment ; tu devrais avoir une réponse au plus tard {when}.",
        "no_hours": "La réponse te parviendra dans cette conversation.",
        "no_repeating": "La personne verra tout ce que tu as écrit : tu n'as rien à répéter.",
        "contact": "Si tu préfères être joint autrement, écris ici une adresse e-mail ou un numéro de "
        "téléphone : il sera transmis.",
        "failed": "La transmission n'a pas marché à l'instant. Tout ce que tu as écrit est conservé, rien ne se perd.",
        "late": "Personne n'a encore pu s'en occuper, plus tard que je ne l'avais dit ; toutes mes excuses. "
        "Ta demande est maintenant plus haut dans la liste.",
        "returned": "Volontiers, me revoilà. Que puis-je faire pour toi ?",
    },
}
"""What replaces them where customers are addressed familiarly (`familiar_languages`)."""
