"""The public site's one blueprint; the modules beside hang their pages on it. All of it is for everybody."""

from flask import Blueprint

bp = Blueprint("publish", "doublerandom.publish")
