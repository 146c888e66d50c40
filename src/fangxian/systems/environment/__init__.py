"""Environment: samples of places, goods and sewage, and disinfection with its proof."""
