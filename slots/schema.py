"""The seven slots and their closed label lists, in asking order. Knows nothing of how a value is found or asked for."""

from typing import Literal

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = ("es", "en")

SLOTS = ("promotion", "product", "size", "packaging", "price", "store", "environment")
"""Schema order is asking order."""

OPTIONAL = ("price", "store", "environment")
"""Slots that the user may skip."""

PROMOTIONS = ("image", "text", "both")

PACKAGINGS = ("glass bottle", "plastic bottle", "returnable bottle", "can", "carton")

STORES = (
    "corner shop",
    "convenience store",
    "supermarket",
    "wholesale store",
    "restaurant",
    "taco stand",
    "school cafeteria",
    "pharmacy",
    "cinema",
    "gym",
    "market stall",
    "street stall",
    "bakery",
    "bar",
    "coffee shop",
    "hotel",
    "gas station",
    "vending machine",
    "food truck",
    "pizzeria",
    "online shop",
)

ENVIRONMENTS = (
    "school",
    "university",
    "beach",
    "pool",
    "park",
    "street",
    "home",
    "kitchen",
    "family meal",
    "office",
    "restaurant",
    "gym",
    "stadium",
    "football match",
    "concert",
    "party",
    "wedding",
    "picnic",
    "barbecue",
    "camping",
    "Christmas",
    "New Year",
    "Day of the Dead",
    "Independence Day",
    "Mother's Day",
    "Valentine's Day",
)

CLOSED: dict[str, tuple[str, ...]] = {
    "promotion": PROMOTIONS,
    "packaging": PACKAGINGS,
    "store": STORES,
    "environment": ENVIRONMENTS,
}
"""Slots whose value is one of a list; the other three are open (product: the catalogue; size, price: `values`)."""
