"""The screens. The only package that imports Gradio; it knows how things are shown, not how they are made."""
