//! What a user can type: the commands, each with its own arguments in its own file.

use clap::{Parser, Subcommand};

use crate::commands::{
    check, export, families, generate, identify, index, recover, run, scan, schema, sinkhole, vectors,
};

/// A workbench for the people who take botnets down.
#[derive(Debug, Parser)]
#[command(name = "hydrabane", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to colour what is written for people.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

/// When to colour.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` colours everywhere.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play a scenario: simulated, or live over real sockets on loopback.
    Run(run::Arguments),
    /// Parse scenarios and report every problem.
    Check(check::Arguments),
    /// What the catalogue knows about each family.
    Families(families::Arguments),
    /// The names that a family produces, for any date.
    Generate(Box<generate::Arguments>),
    /// Names in the forms that resolvers, sensors, sharing platforms and registrars read.
    Export(Box<export::Arguments>),
    /// Which family, preset and period made a name.
    Identify(Box<identify::Arguments>),
    /// An index of names over years, to identify many names fast.
    Index(index::Arguments),
    /// Look-ups of generated names in logs and captures, and who asked.
    Scan(Box<scan::Arguments>),
    /// The unknown seed behind captured names, and the names that follow.
    Recover(Box<recover::Arguments>),
    /// Check generators against vector files.
    Vectors(vectors::Arguments),
    /// Serve and read a sinkhole.
    Sinkhole(sinkhole::Arguments),
    /// Print the JSON Schema of scenario files, for editors.
    Schema(schema::Arguments),
}
