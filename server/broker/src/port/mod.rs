//! What the use cases need from the world. Each port is a trait; adapters live in crates of their
//! own and never know each other.

mod bridge;
mod clock;
mod cluster;
mod recorder;
mod store;

pub use bridge::{
    Attachment, Bridge, Carried, Deadline, LETS_GO_WITHIN, LiveTerminal, Viewer, ViewerClosed,
    ViewerInput, ViewerOutput,
};
pub use clock::{Clock, SystemClock};
pub use cluster::{
    Cluster, ClusterState, Container, ContainerKind, NamespaceInfo, Order, Pod, RightUnknown,
    Shell, ShellCut, ShellEvent, ShellInput, ShellOutput, ShellTrouble,
};
pub use recorder::{
    Chunk, Line, Mark, Outline, Recorder, RecorderError, RecordingHeader, Screen, Shortage, Stream,
    Stretch, Tape, Transcript,
};
pub use store::{
    Logged, Made, Recorded, RequestQuery, SaveError, SessionQuery, Store, StoreError, Versioned,
};
