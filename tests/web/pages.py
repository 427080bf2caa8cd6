"""Reads a page as a person would: by its headings, tables and links, not by its markup."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input"}


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children = []

    @property
    def text(self):
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    def all(self, tag, **attributes):
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if child.tag == tag and attributes.items() <= child.attributes.items():
                    found.append(child)
                found += child.all(tag, **attributes)
        return found

    def one(self, tag, **attributes):
        (found,) = self.all(tag, **attributes)
        return found


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.at = Element("", {}, None)

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs), self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_endtag(self, tag):
        assert self.at.tag == tag, f"<{self.at.tag}> is closed by </{tag}>"
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.children.append(data)


def read(response):
    """Return the page; a tag that is not closed fails the test."""
    builder = _Builder()
    builder.feed(response.get_data(as_text=True))
    assert builder.at is builder.root
    return builder.root


def table(page):
    """Return the rows of the page's only table, each heading -> text."""
    head = [cell.text for cell in page.one("thead").all("th")]
    rows = page.one("tbody").all("tr")
    return [
        dict(zip(head, [cell.text for cell in row.children if isinstance(cell, Element)], strict=True)) for row in rows
    ]


def facts(page):
    """Return every term of the page's description lists -> its description."""
    terms = [pair for pairs in page.all("dl") for pair in pairs.all("div")]
    return {pair.one("dt").text: pair.one("dd").text for pair in terms}
