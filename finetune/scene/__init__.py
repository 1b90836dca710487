"""The stages of training the bundled scene model. Each writes a folder that the next one reads."""
