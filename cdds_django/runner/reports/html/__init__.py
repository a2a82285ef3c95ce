"""`--report-html`: what ran and why, as one page for people."""

FILE_NAME = "index.html"
