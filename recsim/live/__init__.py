"""The platform behind real sockets: the REST API, real callbacks, and a clock one can step."""
