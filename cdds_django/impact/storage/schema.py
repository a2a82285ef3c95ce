"""The impact map's tables. The map is one SQLite file.

History: 1 - first version. 2 - files are cut into definitions; URLs and settings by test.
3 - how tests ended in earlier runs. 4 - what files import, apart from all else that they say.
"""

from __future__ import annotations

VERSION = 4

HISTORY_TABLES = """
CREATE TABLE history (
    -- How a test ended in its last runs, oldest first: for each a letter for the outcome (see
    -- `impact/storage/history.py`), milliseconds, and "*" if it ended in several ways in the run.
    test INTEGER PRIMARY KEY REFERENCES subject (id),
    runs TEXT NOT NULL                  -- separated by spaces
);

CREATE TABLE failed_after (
    -- What had run in the same process when a test last failed.
    test INTEGER PRIMARY KEY REFERENCES subject (id),
    earlier BLOB NOT NULL               -- ids of tests in order, as JSON, zlib-compressed
);

CREATE TABLE set_up (
    -- How long setting up a class or a module last took.
    place TEXT PRIMARY KEY,             -- its dotted name
    duration_s REAL NOT NULL
) WITHOUT ROWID;
"""

TABLES = f"""{HISTORY_TABLES}
CREATE TABLE meta (
    -- "schema": the version above; "version": unique to this state of the map, so that other
    -- files can say which they belong to; "import_record": what imports were seen to do, as JSON;
    -- "tables": the tables of each model's class; "settings_checked": the settings that system
    -- checks read, with their states, as JSON.
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE subject (
    -- A test, or a test module: the latter has to be imported again when what shaped it changes.
    -- The id is also the place of the subject's bit in dependency.subjects.
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                 -- "test" or "module"
    name TEXT NOT NULL,                 -- unittest's id, or the module's dotted name
    path TEXT NOT NULL,                 -- the file of a module; '' for a test
    outcome TEXT NOT NULL,              -- of a test, as in the JSON report; '' for a module
    duration_s REAL NOT NULL,           -- of the last run
    tags TEXT NOT NULL,                 -- Django's test tags as a JSON list
    UNIQUE (kind, name)
);

CREATE TABLE listing (
    -- Which tests loading a test module gave, in order. A class imported into a second module is
    -- listed there too, with its own id.
    module TEXT NOT NULL,
    position INTEGER NOT NULL,
    test INTEGER NOT NULL REFERENCES subject (id),
    PRIMARY KEY (module, position)
) WITHOUT ROWID;

CREATE TABLE dependency (
    -- One state of one thing. Tests that last ran at different states have different rows.
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    place TEXT NOT NULL,                -- where a change shows: `impact/storage/places.py`
    fingerprint TEXT NOT NULL,
    current INTEGER NOT NULL,           -- 1 if this was the thing's state when the map was written
    shared INTEGER NOT NULL,            -- 1 if every test of that run depended on it
    subjects BLOB NOT NULL,             -- a bit per subject, little-endian, zlib-compressed
    UNIQUE (kind, key, fingerprint)
);
CREATE INDEX dependency_place ON dependency (place, current);

CREATE TABLE file (
    -- The Python files of the tree when the map was written. Sizes and times only save reading.
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,              -- bytes
    mtime_ns INTEGER NOT NULL,          -- of content or status, whichever changed later
    digest TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE cut (
    -- What the files consist of, by content and module name (relative imports depend on it): as
    -- they are, and as they were where a dependency on "module" is still at that state.
    digest TEXT NOT NULL,
    module TEXT NOT NULL,
    import_digest TEXT NOT NULL,        -- the fingerprint of the dependency on the module
    outline TEXT NOT NULL,              -- the names that may lead to other modules, as JSON
    symbols BLOB NOT NULL,              -- impact.symbols.Symbols as JSON, zlib-compressed
    imports TEXT,                       -- the dotted names it imports, as JSON; NULL in rows of 3
    PRIMARY KEY (digest, module)
);
CREATE INDEX cut_state ON cut (module, import_digest);
"""
