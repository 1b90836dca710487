"""What the prompt lab refuses, in Spanish and English. Knows no model and no screen."""

from collections.abc import Mapping
from typing import ClassVar

from pipelines.worded import WordedError
from slots.schema import Language

SETTINGS: dict[str, str] = {
    "temperature": "temperatura", "samples": "textos", "seed": "semilla", "max_tokens": "piezas máx.",
    "steps": "pasos", "guidance": "guía", "strength": "fuerza", "attempt": "intento", "decoding": "cómo escribe",
    "scheduler": "scheduler", "style": "estilo", "layout": "composición", "format": "formato", "scene": "qué pinta",
    "model": "modelo", "backend": "motor", "asking": "lo preguntado", "kind": "el tipo", "a grid's setting": "el ajuste",
    "promotion": "promoción", "product": "producto", "size": "tamaño", "packaging": "envase", "price": "precio",
    "store": "tienda", "environment": "ambiente", "offer": "oferta", "terms": "condiciones", "variant": "sabor",
    "language": "idioma",
}  # fmt: skip
"""Settings, and columns of a table, as a Spanish screen and a Spanish table call them."""


class LabError(WordedError, ValueError):
    """What the lab was asked cannot be done; the message says what, and the cure or the choices."""

    NAMES: ClassVar[Mapping[str, str]] = SETTINGS
    WORDINGS: ClassVar[Mapping[str, Mapping[Language, str]]] = {
        # settings
        "no_number": {
            "en": "{name} must be a number from {low} to {high}, not {value}",
            "es": "{name}: pon un número de {low} a {high}, no {value}",
        },
        "not_whole": {
            "en": "{name} must be a whole number, not {value}",
            "es": "{name}: pon un número entero, no {value}",
        },
        "out_of_range": {
            "en": "{name} must be {low} to {high}, not {value}",
            "es": "{name}: va de {low} a {high}, no {value}",
        },
        "no_choice": {
            "en": "{name} cannot be {value}; choose one of: {choices}",
            "es": "{name}: no puede ser {value}; elige entre: {choices}",
        },
        "unknown_settings": {
            "en": "unknown settings of a {kind}: {unknown}; known: {known}",
            "es": "ajustes desconocidos ({kind}): {unknown}; los que hay: {known}",
        },
        # a grid
        "axis_no_number": {
            "en": "{name}: {value} is no number; write for instance 4, 8, 16",
            "es": "{name}: {value} no es un número; escribe por ejemplo 4, 8, 16",
        },
        "axis_backwards": {
            "en": "{name}: {value} runs backwards; write {turned}",
            "es": "{name}: {value} va al revés; escribe {turned}",
        },
        "axis_empty": {
            "en": "{name}: no values; write for instance 4, 8, 16",
            "es": "{name}: faltan los valores; escribe por ejemplo 4, 8, 16",
        },
        "axis_no_names": {
            "en": "{name}: no values; write for instance two names",
            "es": "{name}: faltan los valores; escribe por ejemplo dos nombres",
        },
        "axis_long": {
            "en": "{name}: {count} values; a sheet shows at most {most}, leave some out",
            "es": "{name}: {count} valores; en una hoja caben {most}, quita algunos",
        },
        "same_axes": {
            "en": "both axes vary {name}; choose two settings, or leave the second one out",
            "es": "los dos ejes varían lo mismo ({name}); elige dos ajustes distintos o deja el segundo en «nada»",
        },
        "many_cells": {
            "en": "{across} x {down} = {count} cells; a grid has at most {most}: leave values out",
            "es": "{across} x {down} = {count} celdas; una cuadrícula tiene {most} como mucho: quita valores",
        },
        # what is run
        "no_message": {
            "en": "the message is empty; write one, or load a promotion or a brief",
            "es": "el mensaje está vacío; escribe uno, o carga una promoción o un brief",
        },
        "no_prompt": {
            "en": "the prompt is empty; write one, or load a promotion or a brief",
            "es": "el prompt está vacío; escribe uno, o carga una promoción o un brief",
        },
        "long_prompt": {
            "en": "the prompt has {size} characters; the models read far less than {most}",
            "es": "el prompt tiene {size} caracteres; los modelos leen mucho menos de {most}: acórtalo",
        },
        "no_variant": {"en": "not a variant: {error}", "es": "eso no es una variante que se pueda leer"},
        "no_letter": {
            "en": "there is no variant {letter}; choose one of: {choices}",
            "es": "no hay variante {letter}; elige entre: {choices}",
        },
        "no_sampling": {
            "en": "the back end {backend} cannot sample (its model is compiled); choose beams",
            "es": "el motor {backend} no puede muestrear (su modelo está compilado); elige haces",
        },
        "few_beams": {
            "en": "the back end {backend} returns at most {most} beam(s); ask for {most} outputs",
            "es": "el motor {backend} da {most} haces como mucho; pide {most} textos o menos",
        },
        "scene_without_brief": {
            "en": "a scene starts from the sketch of a brief's place; load a promotion or a brief first",
            "es": "una escena parte del boceto del lugar de un brief; carga primero una promoción o un brief",
        },
        "no_products": {
            "en": "this picture model knows no products: choose scene 'place', or a full-size model",
            "es": "este modelo de imágenes no conoce productos: elige que pinte solo el lugar, o un modelo grande",
        },
        "no_style": {
            "en": "this picture model draws illustrations only, not {value}: choose style 'illustrated', or a full-size model",
            "es": "este modelo de imágenes solo dibuja ilustraciones: elige el estilo «ilustrado», o un modelo grande",
        },
        "no_engine": {
            "en": "the lab offers no {kind} {what} {value}; choose one of: {choices}{cure}",
            "es": "aquí no se ofrece {value}; elige entre: {choices}. Quien administra la app puede agregar modelos",
        },
        "no_scheduler": {
            "en": "no scheduler {value} for this model; choose one of: {choices}",
            "es": "este modelo no tiene el scheduler {value}; elige entre: {choices}",
        },
        "own_scheduler": {
            "en": "no scheduler {value} for this model; choose one of: none: the back end {backend} keeps its own",
            "es": "el motor {backend} no deja cambiar su scheduler por {value}; déjalo como el del modelo",
        },
        "scheduler_refused": {
            "en": "{value} does not take this checkpoint's settings: {error}; choose another scheduler",
            "es": "{value} no acepta los ajustes de este modelo; elige otro scheduler",
        },
        "case_unreadable": {
            "en": "the case {case} cannot be run here: {error}",
            "es": "el caso {case} no se puede correr aquí: le faltan datos o son de otra versión; elige otro caso",
        },
        "no_text": {
            "en": "there is no text {number}; there are {count}",
            "es": "no hay texto {number}: salieron {count}",
        },
        # briefs
        "brief_unusable": {"en": "the brief cannot be used: {error}", "es": "el brief no sirve: {error}"},
        "brief_no_object": {
            "en": "{error}",
            "es": "un brief es un objeto JSON con al menos un producto",
        },
        "brief_no_product": {
            "en": "{error}",
            "es": "el brief no nombra ningún producto; agrega uno, por ejemplo Coca-Cola",
        },
        "brief_unknown": {
            "en": "{error}",
            "es": "el brief tiene datos desconocidos: {unknown}; los que hay: {known}",
        },
        "brief_field": {"en": "{error}", "es": "{name}: no entiendo {value}; escríbelo así: {examples}"},
        "brief_other": {"en": "{error}", "es": "algún dato del brief no se puede leer; revísalo"},
        "declined": {
            "en": "not something to advertise here: {what}; name another product",
            "es": "aquí no se anuncia eso: {what}; nombra otro producto",
        },
        # a table of briefs
        "table_empty": {
            "en": "the table is empty; its first line names the columns: {columns}",
            "es": "la tabla está vacía; su primera línea nombra las columnas: {columns}",
        },
        "table_no_csv": {
            "en": "the table is not CSV ({error}); save it from your spreadsheet as 'CSV UTF-8'",
            "es": "la tabla no es un CSV; guárdala desde tu hoja de cálculo como «CSV UTF-8»",
        },
        "table_no_lines": {
            "en": "the table has column names but no line under them; add a brief a line",
            "es": "la tabla solo tiene los nombres de las columnas; agrega un brief por línea",
        },
        "table_long": {
            "en": "the table has {count} lines; the lab takes {most} at a time. Keep the {most} that tell most, or run "
            "all of them without the page: python -m pipelines.text --jsonl FILE",
            "es": "la tabla tiene {count} líneas; aquí caben {most} a la vez. Quédate con las {most} más útiles, o corre "
            "todas sin la página: python -m pipelines.text --jsonl ARCHIVO",
        },
        "many_cases": {
            "en": "{count} saved cases have a brief; the lab takes {most} at a time. Put those that tell most into a table, "
            "or run all of them without the page: python -m pipelines.cases run",
            "es": "hay {count} casos guardados con brief; aquí caben {most} a la vez. Pon los más útiles en una tabla, o "
            "córrelos todos sin la página: python -m pipelines.cases run",
        },
        "table_large": {
            "en": "the table has {size} bytes; the lab takes {most}, which is far more than {briefs} briefs. "
            "Is it the right file?",
            "es": "la tabla pesa {size} bytes; aquí caben {most}, mucho más que {briefs} briefs. ¿Es el archivo correcto?",
        },
        "table_workbook": {
            "en": "that is a workbook, not a CSV table; in your spreadsheet choose 'Save as', 'CSV UTF-8'",
            "es": "eso es un libro de cálculo, no un CSV; en tu hoja de cálculo elige «Guardar como», «CSV UTF-8»",
        },
        "table_no_utf8": {
            "en": "the table is not UTF-8 text (byte {byte} is no part of a letter); in your spreadsheet choose "
            "'Save as', 'CSV UTF-8'",
            "es": "la tabla no es texto UTF-8 (el byte {byte} no es parte de una letra); en tu hoja de cálculo elige "
            "«Guardar como», «CSV UTF-8»",
        },
        "table_zeros": {
            "en": "the table holds zero bytes, so it is no text; in your spreadsheet choose 'Save as', 'CSV UTF-8'",
            "es": "la tabla contiene bytes nulos, así que no es texto; en tu hoja de cálculo elige «Guardar como», "
            "«CSV UTF-8»",
        },
        "table_columns": {
            "en": "unknown columns: {unknown}; the first line may name: {columns}",
            "es": "columnas desconocidas: {unknown}; la primera línea puede nombrar: {columns}",
        },
        "table_twice": {
            "en": "columns that stand there twice: {columns}; keep one of each",
            "es": "columnas repetidas: {columns}; deja una de cada una",
        },
        "table_no_product": {
            "en": "no column 'product': every brief needs one. Columns: {columns}",
            "es": "falta la columna «product» (o «producto»): cada brief necesita uno. Columnas: {columns}",
        },
        "table_formula": {
            "en": "line {line}, {name}: {value} is a formula. Briefs are values: in your spreadsheet paste "
            "the column again as values, and save it anew",
            "es": "línea {line}, {name}: {value} es una fórmula. Un brief lleva valores: en tu hoja de cálculo pega la "
            "columna otra vez como valores y guárdala de nuevo",
        },
        "row_wide": {
            "en": "{cells} cells for {columns} columns; quote cells that hold the divider",
            "es": "{cells} celdas para {columns} columnas; pon entre comillas las celdas que llevan el separador",
        },
        "cell_long": {
            "en": "{name} has {size} characters, more than {most}",
            "es": "{name} tiene {size} caracteres; caben {most}",
        },
    }


__all__ = ["SETTINGS", "LabError"]
