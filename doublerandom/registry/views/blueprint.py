"""The registry's one blueprint; the modules beside hang their pages on it."""

from flask import Blueprint

bp = Blueprint("registry", __name__)
