"""For people: timelines, reports, tables. The only folder that imports `rich`."""
