"""The draws' one blueprint; the modules beside hang their pages on it."""

from flask import Blueprint

bp = Blueprint("draws", __name__, url_prefix="/desk/draws")
