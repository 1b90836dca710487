"""The Brief: the confirmed slots, immutable. It joins the talk and the making; it knows neither."""

from dataclasses import dataclass, fields, replace
from typing import Any

from slots.schema import CLOSED, LANGUAGES, SLOTS, Language
from slots.values import Money, Offer, Size

DEFAULT_TERMS: dict[Language, str] = {"es": "Hasta agotar existencias", "en": "While stocks last"}
"""What an offer is bound to where the user gave no terms: added by code to texts, card and posters, never by the model."""


@dataclass(frozen=True)
class Brief:
    """All that making a promotion needs. A slot that is None was left out."""

    product: str
    promotion: str = "both"
    size: Size | None = None
    packaging: str | None = None
    price: Money | None = None
    store: str | None = None
    environment: str | None = None
    offer: Offer | None = None
    terms: str | None = None
    variant: str | None = None
    language: Language = "es"
    marked: tuple[str, ...] = ()
    """Slots whose value is outside the catalogue and kept in the user's words."""

    def with_(self, **changes: Any) -> "Brief":
        """A copy with some fields changed."""
        return replace(self, **changes)

    def slots(self) -> dict[str, str]:
        """The seven, as canonical strings, in schema order; what was left out is absent."""
        return {slot: str(getattr(self, slot)) for slot in SLOTS if getattr(self, slot) is not None}

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: the keys of `python -m slots` without evidence, plus `terms`."""
        return {
            "slots": self.slots(),
            "offer": str(self.offer) if self.offer else None,
            "variant": self.variant,
            "terms": self.terms,
            "marked": list(self.marked),
            "language": self.language,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Brief":
        """Reads `to_dict`'s form, or the flat form in which the slots stand beside `offer` and `language`.

        Raises ValueError that names the field, what is wrong with it and the valid choices.
        """
        if not isinstance(data, dict):
            raise ValueError("a brief is a JSON object with at least a product")
        flat = {**data, **data["slots"]} if isinstance(data.get("slots"), dict) else dict(data)
        known = {f.name for f in fields(cls)} | {"slots", "removed", "evidence"}
        unknown = sorted(set(flat) - known)
        if unknown:
            raise ValueError(f"unknown field in the brief: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        values: dict[str, str | None] = {}
        for key in (*SLOTS, "offer", "terms", "variant", "language"):
            value = flat.get(key)
            if value is not None and not isinstance(value, str):
                raise ValueError(f"{key} must be a string or null, not {value!r}")
            values[key] = value.strip() or None if value else None
        if not values["product"]:
            raise ValueError('the brief names no product; add one, for instance "product": "Coca-Cola"')
        for slot in ("promotion", "packaging"):
            value = values[slot]
            if value is not None and value not in CLOSED[slot]:
                raise ValueError(f"{slot} cannot be {value!r}; choose one of: {', '.join(CLOSED[slot])}")
        language = values["language"] or "es"
        if language not in LANGUAGES:
            raise ValueError(f"language cannot be {language!r}; choose one of: {', '.join(LANGUAGES)}")
        marked = flat.get("marked") or ()
        if not isinstance(marked, list | tuple) or not all(isinstance(m, str) for m in marked):
            raise ValueError("marked must be a list of slot names")
        return cls(
            product=values["product"],
            promotion=values["promotion"] or "both",
            size=Size.parse(values["size"]) if values["size"] else None,
            packaging=values["packaging"],
            price=Money.parse(values["price"]) if values["price"] else None,
            store=values["store"],
            environment=values["environment"],
            offer=Offer.parse(values["offer"]) if values["offer"] else None,
            terms=values["terms"],
            variant=values["variant"],
            language=language,  # type: ignore[arg-type]  # checked above
            marked=tuple(marked),
        )
