"""The four floors as an import-linter contract: a module imports only from its own floor or from those below.

    3 edges · 2 services, selectors · 1 models · 0 pure

A module's floor follows from its name in its app (`voice.consumers.browser` → "consumers"); a dotted name in a list
means that module and what is below it. A name no floor lists is pure, so a new module is under the strictest rule until
somebody says otherwise in pyproject.toml.
"""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

EDGES, SERVICES, MODELS, PURE = 3, 2, 1, 0
FLOOR_NAMES = ("pure", "models", "services", "edges")


class FloorsContract(Contract):
    type_name = "floors"

    apps = fields.ListField(subfield=fields.StringField())
    edges = fields.ListField(subfield=fields.StringField())
    services = fields.ListField(subfield=fields.StringField())
    models = fields.ListField(subfield=fields.StringField())
    not_for_pure = fields.ListField(subfield=fields.StringField())  # libraries that pure modules do without

    def floor_of(self, module: str) -> int | None:
        """None: not a module of ours."""
        app, *rest = module.split(".")
        if app not in self.apps or not rest:
            return None
        dotted = {".".join((app, *rest[:length])) for length in range(1, len(rest) + 1)}
        for floor, names in ((EDGES, self.edges), (SERVICES, self.services), (MODELS, self.models)):
            if rest[0] in names or not dotted.isdisjoint(names):
                return floor
        return PURE

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        offences = []
        for module in sorted(graph.modules):
            floor = self.floor_of(module)
            if floor is None:
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(module)):
                if self._is_offence(floor, imported):
                    lines = [
                        detail["line_number"] for detail in graph.get_import_details(importer=module, imported=imported)
                    ]
                    offences.append((module, floor, imported, lines))
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def _is_offence(self, floor: int, imported: str) -> bool:
        imported_floor = self.floor_of(imported)
        if imported_floor is not None:
            return imported_floor > floor
        return floor == PURE and imported.split(".", maxsplit=1)[0] in self.not_for_pure

    def render_broken_contract(self, check: ContractCheck) -> None:
        offences: list[tuple[str, int, str, list[Any]]] = check.metadata["offences"]
        for module, floor, imported, lines in offences:
            target = self.floor_of(imported)
            where = FLOOR_NAMES[target] if target is not None else "not for pure modules"
            output.print_error(
                f"{module} ({FLOOR_NAMES[floor]}) imports {imported} ({where}), line {lines}", bold=False
            )
