"""`recsim grade`: real callbacks against a running receiver, in every order that they can come."""
