//! What the builders make, held against the published specification as it stands: no relaxations for requests.

mod built;
mod outputs;
mod rows;
mod sent;
mod specification;
mod steps;
