"""From a shop's site map to a captioned image folder: the report's path to picture data, stage by stage.

`sitemap` and `pages` read, `fetch` downloads politely (over `addresses`, into `store`), `curate` judges pictures, `table`
writes the CSV, `run` joins them, `measure` says how well curation works.
"""
