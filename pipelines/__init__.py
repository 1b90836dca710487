"""How a promotion is made from a confirmed Brief: prompts, texts, scenes, packshots, posters, records.

Knows nothing of the screens; imports `slots` and nothing above it.
"""
