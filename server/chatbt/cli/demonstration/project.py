"""The project of the demo: a small shop, as people write it, with faults that are easy to overlook."""

from pathlib import Path

FILES = {
    "shop/basket.py": '''\
"""What a customer is about to buy."""

DISCOUNTS = {"WELCOME": 10, "FRIEND": 15, "WELCOME": 5}


def add(product, quantity, basket=[]):
    """Put a product into a basket, a new one if none is given."""
    basket.append((product, quantity))
    return basket


def total(basket, code=None):
    """The price of a basket in cents."""
    assert (len(basket) > 0, "the basket is empty")
    price = sum(product.price * quantity for product, quantity in basket)
    if code is "STAFF":
        return price // 2
    if code == "WELCOME" or "FRIEND":
        price -= price * DISCOUNTS[code] // 100
    return price
''',
    "shop/orders.py": '''\
"""Orders, and where they are kept."""

from datetime import datetime


class Order:
    def __init__(self, customer, basket):
        self.customer = customer
        self.basket = basket
        self.placed = datetime.utcnow()

    def confirmation(self):
        greeting = f"Thank you for your order!"
        return greeting + " We will ship {len(self.basket)} products."


def orders_of(connection, customer):
    query = f"SELECT * FROM orders WHERE customer = '{customer}'"
    return connection.execute(query).fetchall()


def export(orders, path):
    file = open(path, "w")
    for order in orders:
        file.write(f"{order.customer}\\n")
''',
    "shop/stock.py": '''\
"""How many of each product there are, asked of the warehouse."""

import asyncio
import time

import requests


async def refresh(products):
    for product in products:
        answer = requests.get(f"https://warehouse.example/stock/{product}")
        product.stock = answer.json()["count"]
        time.sleep(0.1)


async def keep_fresh(products):
    while True:
        refresh(products)
        await asyncio.sleep(60)


def unknown(products, warehouse):
    return [product for product in products if not product.name in warehouse]


def remove_sold_out(products):
    for product in products:
        if product.stock == 0:
            products.remove(product)
    names = [product.name for product in products]
    return names.sort()
''',
}


def write_project(root: Path) -> list[Path]:
    """Write the project below `root`; its files."""
    paths = []
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        paths.append(path)
    return paths
