"""Figures: pictures of finished results as data, and what draws them."""
