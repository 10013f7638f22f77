"""How the figures and weights that the package ships were made. Nothing here is part of the package."""
