"""Reports for those who weren't there: HTML, Markdown for a pull request, JUnit's XML for a CI."""
