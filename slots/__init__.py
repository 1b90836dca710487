"""What the user wants: the seven slots, their values, and the talk that fills them.

Knows no Gradio and no torch; the model is handed in as a function (`extract.Generate`).
"""
