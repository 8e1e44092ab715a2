"""Words for materials, for what is made of them, and for finishes, in English, German and French."""

from __future__ import annotations

__all__ = ["FINISHES", "MATERIALS", "PARTS"]

MATERIALS: dict[str, str] = {
    "cotton": "cotton|corduroy|denim|baumwolle|biobaumwolle|bio-baumwolle|coton",
    "wool": "wool|lambswool|schurwolle|wolle|lammwolle|laine",
    "merino wool": "merino wool|merino|merinowolle|laine mérinos|mérinos",
    "cashmere": "cashmere|kaschmir|cachemire",
    "alpaca": "alpaca|alpaka|alpaga",
    "mohair": "mohair",
    "silk": "silk|seide|soie",
    "linen": "linen|flax|flax linen|leinen|lin",
    "hemp": "hemp|hanf|chanvre",
    "jute": "jute",
    "ramie": "ramie",
    "kapok": "kapok",
    "viscose": "viscose|rayon|viskose",
    "modal": "modal",
    "lyocell": "lyocell|tencel",
    "cupro": "cupro",
    "acetate": "acetate|acetat|acétate",
    "polyester": "polyester",
    "polyamide": "polyamide|nylon|polyamid",
    "elastane": "elastane|spandex|lycra|elasthan|élasthanne",
    "acrylic": "acrylic|polyacryl|polyacrylic|acrylique",
    "polyethylene": "polyethylene|polyethylene-fibre|polyethylen|polyéthylène",
    "polypropylene": "polypropylene|polypropylen|polypropylène",
    "polyurethane": "polyurethane|polyurethan|polyuréthane|pu foam",
    "polycarbonate": "polycarbonate|polycarbonat",
    "taklon": "taklon",
    "EVA": "eva",
    "metal fibre": "copper fibre|metallised polyester|metallised fibre|metallfaser",
    "canvas": "canvas|segeltuch",
    "mesh": "mesh|netzgewebe|maille filet",
    "plastic": "plastic|kunststoff|plastik|plastique|abs",
    "silicone": "silicone|silikon",
    "rubber": "rubber|kautschuk|naturkautschuk|gummi|caoutchouc",
    "latex": "latex|naturlatex",
    "synthetic leather": "faux leather|vegan leather|imitation leather|kunstleder|similicuir|cuir synthétique",
    "faux fur": "faux fur|kunstfell|fausse fourrure",
    "leather": "leather|suede|nubuck|cowhide|leder|wildleder|rindsleder|cuir|daim|nubuk",
    "down": "down|daunen|duvet",
    "feathers": "feathers|feather|federn|plumes",
    "felt": "felt|filz|feutre",
    "horsehair": "horsehair|rosshaar|crin",
    "coir": "coir|kokosfaser|coco",
    "straw": "straw|stroh|paille",
    "raffia": "raffia|bast|raphia",
    "willow": "willow|weide|osier",
    "cane": "cane|rattan|rotin",
    "bamboo": "bamboo|bambus|bambou",
    "cork": "cork|kork|liège",
    "paper": "paper|washi paper|cardboard|papier|pappe|karton|carton",
    "oak": "oak|bog oak|eiche|eichenholz|chêne",
    "ash": "ash|ash splint|esche|eschenholz|frêne",
    "beech": "beech|buche|buchenholz|hêtre",
    "birch": "birch|birke|bouleau",
    "pine": "pine|kiefer|pin",
    "walnut": "walnut|nussbaum|noyer",
    "maple": "maple|ahorn|érable",
    "olive wood": "olive wood|olive|olivenholz|bois d'olivier",
    "teak": "teak|teck",
    "acacia": "acacia|akazie",
    "plywood": "plywood|sperrholz|contreplaqué",
    "MDF": "mdf",
    "wood": "wood|holz|massivholz|bois",
    "linoleum": "linoleum|linoléum",
    "stainless steel": "stainless steel|316l steel|edelstahl|acier inoxydable|inox",
    "steel": "steel|carbon steel|spring steel|stahl|acier|tinplate|tin|blech",
    "cast iron": "cast iron|gusseisen|fonte",
    "iron": "iron|eisen|fer",
    "aluminium": "aluminium|aluminum",
    "brass": "brass|messing|laiton",
    "bronze": "bronze",
    "copper": "copper|kupfer|cuivre",
    "zinc": "zinc|zink",
    "titanium": "titanium|titan|titane",
    "silver": "silver|sterling silver|silber|sterlingsilber|argent",
    "gold": "gold|or massif",
    "plated": "silver-plated|gold-plated|plated with 18-carat gold|plated|versilbert|vergoldet|plaqué or|plaqué argent",
    "platinum": "platinum|platin|platine",
    "glass": "glass|silvered glass|opal glass|mineral glass|borosilicate glass|glas|verre",
    "sapphire glass": "sapphire glass|saphirglas|verre saphir",
    "crystal": "crystal|kristall|cristal",
    "glass fibre": "glass-fibre|glass fibre|fibreglass|fiberglass|glasfaser|fibre de verre",
    "carbon fibre": "carbon fibre|carbon fiber|carbon|karbon|carbone|kohlefaser|carbonfaser|fibre de carbone",
    "stoneware": "stoneware|steinzeug|grès",
    "earthenware": "earthenware|steingut|faïence",
    "porcelain": "porcelain|porzellan|porcelaine",
    "bone china": "bone china",
    "ceramic": "ceramic|keramik|céramique",
    "terracotta": "terracotta|terrakotta|terre cuite",
    "marble": "marble|marmor|marbre",
    "stone": "stone|granite|slate|stein|granit|schiefer|pierre|ardoise",
    "concrete": "concrete|beton|béton",
    "wax": "wax|rapeseed wax|beeswax|soy wax|wachs|rapswachs|bienenwachs|cire",
}
"""Each material's English name, and the words for it; of words within words the longer ones count."""

PARTS = (
    "shell outer upper uppers lining linings half-lining half|lining body|lining sleeve|lining sleeve|linings filling fillings "
    "cover covers sole soles insole midsole outsole footbed pile backing core canopy band patches hat bags bag frame top legs "
    "leg seat seal tray handle shaft ribs body collar cuffs trim hood back front face base lid strap straps shade wick "
    "obermaterial außenmaterial oberstoff futter innenfutter füllung bezug sohle innensohle laufsohle decksohle flor rücken "
    "kern gestell ärmelfutter besatz kapuze griff deckel "
    "dessus extérieur intérieur doublure garniture rembourrage housse semelle tige semelle|extérieure semelle|intérieure "
    "col poignets capuche cadre poignée couvercle"
)
"""Words for what is made of a material; "|" stands for a space."""

FINISHES = (
    r"washed|wash|coated|coating|lacquer(?:ed)?|varnish|oiled|oil|wax(?:ed)? finish|finish|three-ply|two-ply|[0-9]-ply|brushed|"
    r"glaze|print|printed|single jersey|jersey|knit|worsted|spun|mulesed|seconds|movement|film|rounded|seal|fittings?|"
    r"stone|oven safe|dishwasher safe|water repellent|repellent|gewaschen|beschichtet|beschichtung|lackiert|geölt|imprägniert|revêtu|verni|huilé|"  # noqa: E501
    r"[0-9.,]+\s*(?:g/m²|gsm|oz|mm|micron|carat)"
)
"""What may stand in a list of materials and is none."""
