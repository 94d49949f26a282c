"""Mails that tell shoppers and the shopkeeper of orders: what they say, how they are written, and who sends them."""
