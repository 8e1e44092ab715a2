"""Words for the 14 allergens and for what else is declared, in English, German, French and the Latin of cosmetics.

Sources: Annex II of Regulation (EU) No 1169/2011 for the 14; the names of plants from the EU's glossary of ingredients (INCI).
"""

from __future__ import annotations

from convagent.catalog.attributes.model import Allergen

__all__ = ["ALLERGEN_WORDS", "HARMLESS", "OTHERS"]

ALLERGEN_WORDS: dict[Allergen, str] = {
    "gluten": (
        r"gluten(?:haltiges?|haltigen)?(?: (?:cereals?|getreide))?|wheat ?grass|wheat|rye|barley|oats?|spelt|kamut|durum|triticale|bulgur|semolina|"  # noqa: E501
        r"couscous|weizen\w*|roggen\w*|gersten?\w*|hafer\w*|dinkel\w*|blé|froment|seigle|orge|avoine|épeautre|"
        r"avena sativa|triticum \w+|hordeum \w+|secale cereale"
    ),
    "crustaceans": (
        r"crustaceans?|shrimps?|prawns?|crabs?|lobsters?|krill|krebstiere?n?|garnelen?|krabben?|hummer|crustacés?|crevettes?|crabes?|"
        r"homards?"
    ),
    "eggs": r"eggs?|egg (?:white|yolk)s?|albumen|ei|eier[n]?|eiweiß|eigelb|volleipulver|œufs?|oeufs?|ovum",
    "fish": r"fish(?: (?:oil|collagen|gelatine?))?|cod|salmon|tuna|anchov(?:y|ies)|fisch\w*|lachs|thunfisch|poissons?|saumon|thon",  # noqa: E501
    "peanuts": r"peanuts?|groundnuts?|erdn(?:uss|üsse[n]?)\w*|arachides?|cacahu[eè]tes?|arachis hypogaea",
    "soya": r"soya?(?:beans?| lecithin)?|soybeans?|tofu|edamame|soja\w*|glycine (?:soja|max)|methyl soyate",
    "milk": (
        r"(?<!coconut )(?<!almond )(?<!oat )(?<!rice )(?<!soya )(?<!soy )milk|whey|casein(?:ate)?|dairy|lactose|butterfat|"
        r"milch\w*|molke\w*|laktose|kasein|lait|lactosérum|caséine|beurre(?! de)|crème(?! de)|sodium caseinate"
    ),
    "nuts": (
        r"(?:tree[ -]?)?nuts?|almonds?|hazelnuts?|walnuts?|cashews?|pecans?|brazil nuts?|pistachios?|macadamias?|schalenfrüchten?|"  # noqa: E501
        r"(?<!erd)n(?:uss|üsse[n]?)|mandeln?|haseln(?:uss|üsse[n]?)|waln(?:uss|üsse[n]?)|pistazien?|fruits à coque|noix(?! de coco)|"  # noqa: E501
        r"amandes?|noisettes?|pistaches?|noix de cajou|prunus amygdalus(?: dulcis)?|corylus avellana|juglans regia"
    ),
    "celery": r"celery|celeriac|sellerie|céleri",
    "mustard": r"mustard|senf\w*|moutarde",
    "sesame": r"sesame|tahini|sesam\w*|sésame|sesamum indicum",
    "sulphites": (
        r"sul(?:ph|f)ites?|sul(?:ph|f)ur dioxide|schwefeldioxid|sulfite[n]?|anhydride sulfureux|dioxyde de soufre|e ?22[0-8]"
    ),
    "lupin": r"lupins?|lupinen?|lupinus \w+",
    "molluscs": (
        r"mollus[ck]s?|mussels?|oysters?|squid|clams?|scallops?|octopus|snails?|weichtieren?|muscheln?|austern?|tintenfisch|mollusques?|"
        r"moules?|huîtres?|calmars?"
    ),
}
"""Each allergen, and a regular expression for its names."""

OTHERS = (
    r"fragrances?|parfum|perfume|limonene|linalool|citral|geraniol|citronellol|eugenol|coumarin|beeswax|lanolin|coconut|yeast|"
    r"gelatine?|natural latex|latex|nickel|caffeine|xylitol|salicylic acid|menthol|talc|animal hair|formaldehyde|toluene|camphor|"
    r"shea|vitamin [a-z][0-9]{0,2}|bienenwachs|duftstoffe?|koffein|naturlatex|lanoline|cire d'abeille|caféine|levure|hefe|kokosnuss|"  # noqa: E501
    r"noix de coco|peas?|erbsen?|petits pois|sulphates?|parabens?|palm oil|sugar|added sugar|colou?rs"
)
"""What is declared and is none of the 14."""

HARMLESS = (
    r"handled|that|handles?|process(?:ed|es)|factory|facility|kitchen|bakery|allergy|allergies|chewables?|capsules?|drops|tablets|people|persons|those|"
    r"dangerous to dogs|keep away from \w+|may cause an allergic skin reaction|flammable|not for children under [0-9]+|"
    r"derivatives?|straw|backing|natural|sweet|about|[0-9.,]+ ?m?g|a cup|per serving|which|is|are|the|an?|in|of|and|or|as|from|"
    r"und|oder|von|et|ou|de|du|des|d'|la|le|les|l'|enthalten|possible|also|auch|traces?|only|its|it|this|product|grass|by|with|mit|avec|"
    r"die|der|das|den|other|andere[nrs]?|d’|cereals?|getreide|céréales|products?|erzeugnisse|produits?|oil|protein|powder|lecithin|e|it"
)
"""What may stand beside allergens and says nothing about them."""
