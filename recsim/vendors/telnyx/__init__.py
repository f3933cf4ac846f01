"""Telnyx TeXML, as documented."""
