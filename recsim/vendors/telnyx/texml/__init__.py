"""TeXML: what a document says, as verbs that the platform can follow.

`parser` is where to begin. A verb's attributes are rows of `attributes`, which verbs and nouns
there are of `vocabulary`; what becomes of an element stands in the module of its kind.
"""
