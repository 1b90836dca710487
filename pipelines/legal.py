"""Notes for the seller on Mexican advertising rules that a brief touches: information with its source, never a block.

Sources are the laws themselves (Cámara de Diputados, diputados.gob.mx/LeyesBiblio). Knows nothing of texts or screens.
"""

from dataclasses import dataclass

from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import Language

LFPC_48 = "Ley Federal de Protección al Consumidor, art. 48"
LFPC_47 = "Ley Federal de Protección al Consumidor, art. 47"
LFPC_7_BIS = "Ley Federal de Protección al Consumidor, art. 7 Bis"
LGE_75_BIS = "Ley General de Educación, art. 75 Bis"
RLGSP_24_BIS = "Reglamento de la Ley General de Salud en Materia de Publicidad, art. 24 Bis"
SCHOOLS = ("school", "school cafeteria")


@dataclass(frozen=True)
class LegalNote:
    """One rule that this promotion touches. `es`, `en`: what it asks for, in plain words."""

    code: str
    es: str
    en: str
    source: str

    def words(self, language: Language) -> str:
        """The note in one language."""
        return self.es if language == "es" else self.en


TERM = LegalNote(
    "term",
    "Una promoción debe decir sus condiciones y su plazo o el número de piezas; sin plazo ni volumen se entiende "
    "indefinida. Añade, por ejemplo, «Del 1 al 15 de mayo» o «500 piezas».",
    "A promotion must state its conditions and its term or number of pieces; without either it counts as open-ended. "
    'Add, for instance, "May 1 to 15" or "500 pieces".',
    LFPC_48,
)
TOTAL_PRICE = LegalNote(
    "total_price",
    "El precio que muestras debe ser el total a pagar, con impuestos incluidos.",
    "The price you show must be the total to pay, taxes included.",
    LFPC_7_BIS,
)
COLLECT = LegalNote(
    "collect",
    "Las promociones por colección, sorteo o concurso requieren aviso a las autoridades según las normas que les apliquen.",
    "Promotions by collecting, draws or contests may have to be notified to the authorities.",
    LFPC_47,
)
SCHOOL = LegalNote(
    "school_sugar",
    "Desde el 29 de marzo de 2025 está prohibido vender y anunciar bebidas azucaradas en las escuelas. Agua natural sí se puede.",
    "Since March 29, 2025, sugary drinks may not be sold or advertised in schools in Mexico. Plain water may.",
    LGE_75_BIS,
)
CHARACTERS = LegalNote(
    "characters",
    "Si el producto lleva sellos de advertencia, no uses personajes, celebridades ni mascotas en el anuncio.",
    "If the product carries warning seals, use no characters, celebrities or mascots in the advertisement.",
    RLGSP_24_BIS,
)


def legal_notes(brief: Brief, catalog: Catalog) -> tuple[LegalNote, ...]:
    """The rules that this brief touches, the weightiest first. A product outside the catalogue counts as sugary."""
    product = catalog.products.get(brief.product)
    sugary = product is None or product.sugary
    notes = []
    if sugary and (brief.environment in SCHOOLS or brief.store in SCHOOLS):
        notes.append(SCHOOL)
    if brief.offer is not None:
        notes.append(TERM)
        if brief.offer.kind == "loyalty":
            notes.append(COLLECT)
    if brief.price is not None:
        notes.append(TOTAL_PRICE)
    if sugary:
        notes.append(CHARACTERS)
    return tuple(notes)
