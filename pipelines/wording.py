"""How packagings, stores and environments are named in running text, in Spanish and English.

Fallback, checks and the writer's training texts share these words. Knows nothing of briefs or models.
"""

from slots.schema import Language

PACKAGING: dict[Language, dict[str, str]] = {
    "es": {
        "glass bottle": "botella de vidrio",
        "plastic bottle": "botella de plástico",
        "returnable bottle": "botella retornable",
        "can": "lata",
        "carton": "envase de cartón",
    },
    "en": {
        "glass bottle": "glass bottle",
        "plastic bottle": "plastic bottle",
        "returnable bottle": "returnable bottle",
        "can": "can",
        "carton": "carton",
    },
}
"""One piece, without article."""

PACKAGINGS: dict[Language, dict[str, str]] = {
    "es": {
        "glass bottle": "botellas de vidrio",
        "plastic bottle": "botellas de plástico",
        "returnable bottle": "botellas retornables",
        "can": "latas",
        "carton": "envases de cartón",
    },
    "en": {
        "glass bottle": "glass bottles",
        "plastic bottle": "plastic bottles",
        "returnable bottle": "returnable bottles",
        "can": "cans",
        "carton": "cartons",
    },
}
"""Several pieces: the content of a pack."""

STORE: dict[Language, dict[str, tuple[str, ...]]] = {
    "es": {
        "corner shop": ("tu tiendita", "la tiendita de la esquina", "tu tienda de abarrotes"),
        "convenience store": ("tu tienda de conveniencia", "la tienda de conveniencia"),
        "supermarket": ("tu supermercado", "el súper", "tu súper"),
        "wholesale store": ("tu tienda de mayoreo", "la tienda de mayoreo"),
        "restaurant": ("tu restaurante", "el restaurante", "tu restaurante favorito"),
        "taco stand": ("tu taquería", "la taquería", "tu taquería favorita"),
        "school cafeteria": ("la cafetería escolar", "la cafetería de la escuela"),
        "pharmacy": ("tu farmacia", "la farmacia"),
        "cinema": ("el cine", "tu cine", "la dulcería del cine"),
        "gym": ("tu gimnasio", "el gimnasio"),
        "market stall": ("tu puesto del mercado", "el puesto del mercado"),
        "street stall": ("tu puesto de la calle", "el puesto callejero"),
        "bakery": ("tu panadería", "la panadería"),
        "bar": ("tu bar", "la barra de tu bar"),
        "coffee shop": ("tu cafetería", "tu café favorito"),
        "hotel": ("el hotel", "tu hotel"),
        "gas station": ("tu gasolinera", "la gasolinera"),
        "vending machine": ("la máquina expendedora", "tu máquina expendedora"),
        "food truck": ("tu food truck", "el food truck", "tu food truck favorito"),
        "pizzeria": ("tu pizzería", "la pizzería", "tu pizzería favorita"),
        "online shop": ("nuestra tienda en línea", "la tienda en línea", "tu tienda en línea"),
    },
    "en": {
        "corner shop": ("your corner shop", "the corner shop"),
        "convenience store": ("your convenience store", "the convenience store"),
        "supermarket": ("your supermarket", "the supermarket"),
        "wholesale store": ("your wholesale store", "the wholesale store"),
        "restaurant": ("your favorite restaurant", "the restaurant", "our restaurant"),
        "taco stand": ("your taco stand", "the taco stand", "your favorite taco stand"),
        "school cafeteria": ("the school cafeteria", "your school cafeteria"),
        "pharmacy": ("your pharmacy", "the pharmacy"),
        "cinema": ("the cinema", "your cinema"),
        "gym": ("your gym", "the gym"),
        "market stall": ("your market stall", "the market stall"),
        "street stall": ("your street stall", "the street stall"),
        "bakery": ("your bakery", "the bakery"),
        "bar": ("your bar", "the bar"),
        "coffee shop": ("your coffee shop", "the coffee shop"),
        "hotel": ("the hotel", "your hotel"),
        "gas station": ("your gas station", "the gas station"),
        "vending machine": ("the vending machine", "your vending machine"),
        "food truck": ("the food truck", "your favorite food truck"),
        "pizzeria": ("your pizzeria", "the pizzeria", "your favorite pizzeria"),
        "online shop": ("our online shop", "your online shop"),
    },
}
"""With article or possessive; the plainest first."""

PLACE: dict[Language, dict[str, tuple[str, ...]]] = {
    "es": {
        "school": ("el receso en la escuela", "la salida de la escuela"),
        "university": ("tu día en la universidad", "las horas de campus"),
        "beach": ("tu día de playa", "la playa"),
        "pool": ("tu tarde de alberca", "la alberca"),
        "park": ("tu tarde en el parque", "el parque"),
        "street": ("tus vueltas por la calle", "el camino por la calle"),
        "home": ("tus ratos en casa", "la casa"),
        "kitchen": ("tu cocina", "lo que sale de tu cocina"),
        "family meal": ("la comida familiar", "la mesa de la familia"),
        "office": ("tu día de oficina", "la oficina"),
        "restaurant": ("tu comida en el restaurante", "la mesa del restaurante"),
        "gym": ("la salida del gimnasio", "el descanso del gimnasio"),
        "stadium": ("tu tarde de estadio", "el estadio"),
        "football match": ("el partido", "el partido de futbol"),
        "concert": ("el concierto", "tu noche de concierto"),
        "party": ("la fiesta", "tu fiesta"),
        "wedding": ("la boda", "el brindis de la boda"),
        "picnic": ("tu pícnic", "el pícnic"),
        "barbecue": ("la parrillada", "tu carne asada"),
        "camping": ("tu campamento", "el campamento"),
        "Christmas": ("la Navidad", "tu cena de Navidad"),
        "New Year": ("el Año Nuevo", "tu cena de Año Nuevo"),
        "Day of the Dead": ("el Día de Muertos", "tu noche de Día de Muertos"),
        "Independence Day": ("las fiestas patrias", "tu noche mexicana"),
        "Mother's Day": ("el Día de las Madres", "la comida del Día de las Madres"),
        "Valentine's Day": ("el Día de San Valentín", "tu cita de San Valentín"),
    },
    "en": {
        "school": ("the school break", "the way home from school"),
        "university": ("your day at university", "long hours on campus"),
        "beach": ("your beach day", "the beach"),
        "pool": ("your pool day", "the pool"),
        "park": ("your afternoon in the park", "the park"),
        "street": ("your walk down the street", "the city streets"),
        "home": ("your time at home", "a night at home"),
        "kitchen": ("your kitchen", "whatever your kitchen is cooking"),
        "family meal": ("the family meal", "the family table"),
        "office": ("your day at the office", "the office"),
        "restaurant": ("your restaurant table", "your meal at the restaurant"),
        "gym": ("the end of your gym session", "your gym break"),
        "stadium": ("your day at the stadium", "the stadium"),
        "football match": ("the football match", "match day"),
        "concert": ("the concert", "concert night"),
        "party": ("the party", "your party"),
        "wedding": ("the wedding", "the wedding toast"),
        "picnic": ("your picnic", "the picnic"),
        "barbecue": ("the barbecue", "your barbecue"),
        "camping": ("your camping trip", "the campsite"),
        "Christmas": ("Christmas", "your Christmas dinner"),
        "New Year": ("New Year", "your New Year dinner"),
        "Day of the Dead": ("Day of the Dead", "your Day of the Dead evening"),
        "Independence Day": ("Independence Day", "your Independence Day night"),
        "Mother's Day": ("Mother's Day", "the Mother's Day table"),
        "Valentine's Day": ("Valentine's Day", "your Valentine's Day date"),
    },
}
"""What follows "para" and "for"; the plainest first."""


def en_store(phrase: str) -> str:
    """Spanish "en" + store: no contraction."""
    return f"en {phrase}"


def a_store(phrase: str) -> str:
    """Spanish "a" + store, contracted: `al súper`."""
    return f"al {phrase[3:]}" if phrase.startswith("el ") else f"a {phrase}"


def at_store(phrase: str) -> str:
    """English place: a shop on the web is "in", the others "at"."""
    return f"in {phrase}" if "online" in phrase else f"at {phrase}"


def a_packaging(packaging: str, language: Language) -> str:
    """With the indefinite article: `una botella de vidrio`, `a glass bottle`."""
    if language == "en":
        return f"a {PACKAGING['en'][packaging]}"
    return f"{'un' if packaging == 'carton' else 'una'} {PACKAGING['es'][packaging]}"
