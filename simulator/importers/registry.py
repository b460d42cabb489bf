"""Which sources can be imported. A new one is a module of its own and a line here."""

from simulator.importers import kettle, ordonez, tihm
from simulator.importers.source import Importer

IMPORTERS: dict[str, Importer] = {
    importer.name: importer for importer in (tihm.IMPORTER, kettle.IMPORTER, ordonez.IMPORTER)
}
