"""A running engine: every room built, connected, started and stopped in order."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack

import uuid6

from lpr_engine import __version__
from lpr_engine.api.entrance import Entrance
from lpr_engine.api.metrics import Metrics
from lpr_engine.api.server import ApiServer
from lpr_engine.app.access import issue_key
from lpr_engine.app.backup_keeper import BackupKeeper, Kept
from lpr_engine.app.chores import Chore, Chores
from lpr_engine.app.configuring import ConfigDesk
from lpr_engine.app.day_counts import DayCounts
from lpr_engine.app.door import Desks, build_door
from lpr_engine.app.figures import FiguresDesk
from lpr_engine.app.live_door import LiveDoor
from lpr_engine.app.live_rules import LiveRules
from lpr_engine.app.live_settings import LiveSettings, thresholds
from lpr_engine.app.meters import Meters
from lpr_engine.app.passage_desk import PassageDesk
from lpr_engine.app.people_door import people_groups
from lpr_engine.app.site_memory import SiteMemory
from lpr_engine.app.switchboard import Switchboard
from lpr_engine.config.desk import ConfigurationSource
from lpr_engine.config.sections import CameraSection, Configuration, TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.health.host import HostProbe
from lpr_engine.health.stages import StageTimings
from lpr_engine.model.access import Scope
from lpr_engine.model.clock import Clock, SystemClock
from lpr_engine.model.figures import EngineFigures
from lpr_engine.model.ports import FrameSource, PassageListener
from lpr_engine.mqtt.identity import EngineIdentity
from lpr_engine.mqtt.publisher import MqttPublisher
from lpr_engine.pipeline.pipeline import Pipeline, Rooms
from lpr_engine.plates.rules import PlateRules
from lpr_engine.sources.opening import open_source
from lpr_engine.store.store import PassageStore
from lpr_engine.tracking.tracker import PlateTracker
from lpr_engine.vision.opening import open_vision

_LOGGER = logging.getLogger(__name__)

_MEASURE_EVERY_S = 2.0
_FIRST_TIDY_S = 60.0
_TIDY_EVERY_S = 3600.0
_TEND_EVERY_S = 30.0
_LAST_PASSAGES_S = 1.5


class Engine:
    """Cameras in, passages out, until stopped."""

    def __init__(
        self,
        configuration: Configuration,
        listeners: Sequence[PassageListener] = (),
        clock: Clock | None = None,
        entrance: Entrance | None = None,
        source: ConfigurationSource | None = None,
    ) -> None:
        """`source` is the file that the configuration comes from, if it comes from one."""
        self._configuration = configuration
        self._source = source
        self._clock = clock or SystemClock()
        self._listeners = tuple(listeners)
        self._timings = StageTimings(self._clock)
        self._metrics = Metrics()
        self._entrance = entrance
        self._memory = SiteMemory()
        self._trackers: dict[str, PlateTracker] = {}
        self._running = ExitStack()
        self._publisher: MqttPublisher | None = None

    def start(self) -> None:
        """Open the store and the models, then the doors, then the cameras.

        Raises:
            LprError: something cannot be opened; what was opened is closed again.
        """
        with ExitStack() as opened:
            self._open(opened)
            self._running = opened.pop_all()
        _LOGGER.info("Engine %s is running", self._configuration.engine.id)
        if not self._configuration.cameras:
            _LOGGER.warning("No camera is configured, so no passage will be made")

    def stop(self) -> None:
        """Stop the cameras, keep what was seen, say goodbye; below 3 s unless the disk hangs."""
        self._running.close()

    @property
    def idle(self) -> bool:
        """Whether every camera has ended and all it showed is committed."""
        return self._pipeline.idle

    @property
    def frames_looked_at(self) -> int:
        """Frames of all cameras that went through the detector since the start."""
        return self._pipeline.frames_looked_at

    @property
    def api_url(self) -> str:
        """Where the results are served."""
        return self._api.url

    @property
    def broker(self) -> str:
        """Host and port of the broker, the embedded one's included."""
        return "" if self._publisher is None else self._publisher.broker

    def figures(self) -> EngineFigures:
        """The engine's figures of health now."""
        return self._desk.current()

    def issue_key(self, name: str, scopes: frozenset[Scope]) -> str:
        """Make an API key that belongs to the machine's owner; returns it, to be shown once.

        Raises:
            StoreError: the store refused it.
        """
        return issue_key(self._store.access, self._clock, name, scopes)

    def _open(self, opened: ExitStack) -> None:
        # What is opened last is closed first: cameras stop before the store does.
        config = self._configuration
        self._store = PassageStore(config.storage, config.retention, self._clock).open()
        opened.callback(self._store.close)
        for passage in self._store.close_orphans():
            _LOGGER.info("Passage %s was left unfinished by the run before", passage.id)
        host = HostProbe(config.storage.directory)
        opened.callback(host.close)
        cameras = [camera.id for camera in config.cameras]
        counts = DayCounts(cameras, self._clock, self._store.search.counts_today)
        self._rules = self._build_rules()
        self._pipeline = self._build_pipeline()
        store = self._store
        self._passages = PassageDesk(
            store.books.changes, self._rules, store.search.get, store.search.last_final
        )
        self._passages.watch(counts)
        kept = Kept(config.storage.directory, config.engine.id, self._store.media, self._source)
        self._backups = BackupKeeper(config, kept, self._clock)
        opened.callback(self._backups.stop)
        self._desk = FiguresDesk(
            self._clock,
            self._store,
            self._pipeline,
            self._timings,
            host,
            counts,
            self._mqtt_trouble,
            lambda: self._live_rules.trouble,
            lambda: self._backups.trouble,
        )
        self._desk.count()
        self._api = self._open_api(opened)
        for listener in (*self._listeners, counts, self._metrics, self._open_mqtt(opened)):
            self._pipeline.listen(listener)
        self._open_memory()
        self._open_chores(opened)
        self._pipeline.start()
        opened.callback(self._pipeline.stop, _LAST_PASSAGES_S)
        # The door closes while the last passages are kept.
        opened.callback(self._api.stop_soon)

    def _open_memory(self) -> None:
        if self._configuration.tracking.learn_formats:
            self._memory.recall(self._store.search.sure_finals)
            self._pipeline.listen(self._memory)

    def _open_chores(self, opened: ExitStack) -> None:
        chores = Chores(
            [
                Chore("measuring", self._desk.measure, _MEASURE_EVERY_S),
                Chore("counting", self._desk.count, _MEASURE_EVERY_S),
                Chore("following vehicles", self._live_rules.catch_up, _MEASURE_EVERY_S),
                Chore("tidying", self._store.retain, _TIDY_EVERY_S, _FIRST_TIDY_S),
                Chore("catching up", self._store.catch_up, _TIDY_EVERY_S),
                Chore("backing up", self._backups.tend, _TEND_EVERY_S, _FIRST_TIDY_S),
            ]
        )
        chores.start()
        opened.callback(chores.stop)

    def _build_pipeline(self) -> Pipeline:
        config = self._configuration
        rooms = Rooms(
            open_source=self._open_source,
            sight=open_vision(config.models),
            meter=Meters((self._timings, self._metrics)),
            tracker_for=self._tracker,
            rules=self._rules,
            archive=self._store,
        )
        return Pipeline(config.cameras, rooms, config.models.confidence)

    def _build_rules(self) -> PlateRules:
        # A gate opens as soon as a preview may be told, not later.
        rules = PlateRules((), (), self._clock, thresholds(self._configuration.tracking))
        self._live_rules = LiveRules(rules, self._store.books.register)
        self._live_rules.load()
        self._store.books.register.listen(self._live_rules.changed)
        return rules

    def _open_source(self, camera: CameraSection) -> FrameSource:
        return open_source(camera, self._clock)

    def _tracker(self, camera: CameraSection) -> PlateTracker:
        config = self._configuration
        grammar = self._grammar(camera, config.tracking)
        tracker = PlateTracker(config.engine.id, camera, config.tracking, _new_id, grammar)
        self._trackers[camera.id] = tracker
        return tracker

    def _grammar(self, camera: CameraSection, tracking: TrackingSection) -> Grammar:
        countries = (camera.country,) if camera.country else tracking.countries
        return Grammar(countries, self._memory.history)

    def _config_desk(self) -> ConfigDesk:
        settings = LiveSettings(
            self._pipeline,
            self._store,
            self._rules,
            self._trackers,
            self._grammar,
            self._backups,
        )
        return ConfigDesk(self._configuration, self._source, settings.take_over)

    def _open_api(self, opened: ExitStack) -> ApiServer:
        config, board = self._configuration, Switchboard(self._pipeline, self._store)
        people = people_groups(self._store, self._rules, self._passages, self._clock)
        live = LiveDoor(config, self._store, self.figures, board, self._clock)
        self._pipeline.watch(live.feed)
        self._pipeline.listen(live.hub)
        self._passages.watch(live.hub)
        self._store.when_expired(live.hub.passages_expired)
        api = build_door(
            config,
            self._store,
            self.figures,
            self._metrics,
            self._clock,
            live,
            Desks(self._config_desk(), self._backups),
            self._entrance,
            people,
        )
        api.start()
        opened.callback(api.stop)
        return api

    def _open_mqtt(self, opened: ExitStack) -> MqttPublisher:
        config = self._configuration
        finals = [self._store.search.last_final(camera.id) for camera in config.cameras]
        publisher = MqttPublisher(
            config.mqtt,
            EngineIdentity(config.engine.id, config.engine.name, __version__, self._api.url),
            config.cameras,
            self._store,
            self.figures,
            Switchboard(self._pipeline, self._store),
            config.storage.directory,
            self._clock,
            last_finals=[final for final in finals if final is not None],
        )
        publisher.start()
        opened.callback(publisher.stop)
        self._publisher = publisher
        self._passages.watch(publisher)
        return publisher

    def _mqtt_trouble(self) -> str | None:
        # The HTTP door opens, and asks, before the publisher exists.
        return None if self._publisher is None else self._publisher.trouble


def _new_id() -> str:
    return str(uuid6.uuid7())
