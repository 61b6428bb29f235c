"""The use cases that bring older installations over."""

from dependency_injector.providers import Factory, Singleton

from adapters.legacy.opening import open_dentalpin, open_medikeep
from application.importing.analysis import AnalyseImport
from application.importing.check import CheckImport
from application.importing.directory import BringDirectory
from application.importing.files import BringFiles
from application.importing.installation import ImportInstallation
from application.importing.links import BringLinks
from application.importing.undo import UndoImport
from entrypoints.container.adapters import Adapters
from entrypoints.container.keeping import Keeping

keeping = Keeping
ports = Adapters


class Imports(Keeping):
    medikeep = Factory(open_medikeep, registry=ports.registry, clock=ports.clock)
    dentalpin = Factory(open_dentalpin, registry=ports.registry, taxonomy=ports.taxonomy, clock=ports.clock)
    analyse_import = Singleton(AnalyseImport, inspector=ports.inspector, clock=ports.clock)
    bring_directory = Singleton(BringDirectory, unit_of_work=ports.unit_of_work, clock=ports.clock)
    bring_files = Singleton(
        BringFiles,
        unit_of_work=ports.unit_of_work,
        blobs=ports.blobs,
        inspector=ports.inspector,
        clock=ports.clock,
        new_id=ports.new_id,
    )
    bring_links = Singleton(BringLinks, unit_of_work=ports.unit_of_work, clock=ports.clock, new_id=ports.new_id)
    check_import = Singleton(
        CheckImport,
        blobs=ports.blobs,
        upkeep=ports.upkeep,
        documents=ports.document_views,
        directory=ports.directory_views,
    )
    import_installation = Singleton(
        ImportInstallation,
        runs=ports.import_runs,
        upkeep=ports.upkeep,
        bring_directory=bring_directory,
        bring_files=bring_files,
        bring_links=bring_links,
        check=check_import,
        recover=keeping.recover,
        finish_purges=keeping.finish_purges,
        clock=ports.clock,
        new_id=ports.new_id,
    )
    undo_import = Singleton(
        UndoImport,
        unit_of_work=ports.unit_of_work,
        runs=ports.import_runs,
        directory=ports.directory_views,
        finish_purges=keeping.finish_purges,
        clock=ports.clock,
    )
