"""Floor 6: the lessons of the manual, Markdown files beside `shelf`, which reads them."""
