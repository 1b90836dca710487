"""How the two bundled models are made: corpora, pictures, training, evaluation. The app never imports it."""
