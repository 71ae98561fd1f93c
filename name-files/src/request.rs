//! [`Request`]: names of several generators for a time, in one order.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use dga::{Configuration, Error, Generate, Name, Part, Period, Range, Validities, Validity};

use crate::ordered::ordered;
use crate::row::Row;
use crate::span::Span;

/// About how many names one thread makes in one go.
const NAMES_IN_A_PIECE: usize = 1 << 18;

/// How many names are made of a list before they are looked at.
const NAMES_AT_ONCE: usize = 1 << 10;

/// A generator, and the configuration that it was bound from.
pub type Source = (Configuration, Arc<dyn Generate>);

/// Which names are wanted: generators and a time.
#[derive(Clone, Debug)]
pub struct Request {
    /// The generators, in the order of their names.
    pub sources: Vec<Source>,
    /// The time.
    pub span: Span,
    /// Only so many names of each list, or more than the list has where only a setting ends it.
    pub count: Option<usize>,
}

/// Names of one source, one after the other.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    source: usize,
    /// Nothing where a moment is wanted.
    part: Option<Part>,
}

/// What one thread does in one go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    stretches: Vec<Stretch>,
    about: usize,
}

/// Names that were made, with the place of their source in [`Request::sources`].
pub type Made = (usize, Validity);

/// Names that were made, in order.
pub type Batch = Vec<Made>;

impl Request {
    /// Visits every name in order; the names are made on so many `threads` (at least one).
    ///
    /// # Errors
    ///
    /// The first error of a generator, or of `visit`.
    pub fn visit<E: From<Error>>(
        &self,
        threads: usize,
        mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.visit_by_source(threads, |_, row| visit(row))
    }

    /// As [`visit`](Self::visit), and tells the place of each name's source in [`sources`](Self::sources).
    ///
    /// # Errors
    ///
    /// As [`visit`](Self::visit).
    pub fn visit_by_source<E: From<Error>>(
        &self,
        threads: usize,
        mut visit: impl FnMut(usize, &Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (pieces, _) = self.pieces()?;
        let work = |piece: &Piece, results: &SyncSender<Result<Batch, Error>>| {
            let mut batch = Batch::with_capacity(NAMES_AT_ONCE);
            let made = self.make(piece, &mut |made| {
                batch.push(made);
                if batch.len() < NAMES_AT_ONCE {
                    return ControlFlow::Continue(());
                }
                let full = std::mem::replace(&mut batch, Batch::with_capacity(NAMES_AT_ONCE));
                results.send(Ok(full)).map_or(ControlFlow::Break(()), ControlFlow::Continue)
            });
            // Where nobody takes the rest, it is not wanted.
            let _ = results.send(made.map(|()| batch));
        };
        ordered(threads, &pieces, work, |batch| {
            batch?.iter().try_for_each(|(source, validity)| visit(*source, &self.row(*source, validity)))
        })
    }

    /// About how many names it has.
    ///
    /// # Errors
    ///
    /// The first error of a generator.
    pub fn about(&self) -> Result<u64, Error> {
        self.pieces().map(|(_, about)| about as u64)
    }

    /// The request in pieces, whatever the number of threads, and about how many names it has.
    pub(crate) fn pieces(&self) -> Result<(Vec<Piece>, usize), Error> {
        let mut pieces = Vec::new();
        let mut piece = Piece::default();
        let mut total = 0;
        for (source, (_, generator)) in self.sources.iter().enumerate() {
            let parts: Vec<(Option<Part>, usize)> = match self.span {
                Span::Moment { .. } => vec![(None, self.count.or(generator.length()).unwrap_or(NAMES_AT_ONCE))],
                Span::Range(range) => {
                    let range = Range { limit: self.count, ..range };
                    let parts = range.parts(NAMES_IN_A_PIECE, &**generator)?;
                    parts.into_iter().map(|part| (Some(part), part.about())).collect()
                }
            };
            for (part, about) in parts {
                piece.stretches.push(Stretch { source, part });
                piece.about += about;
                total += about;
                if piece.about >= NAMES_IN_A_PIECE {
                    pieces.push(std::mem::take(&mut piece));
                }
            }
        }
        pieces.extend(Some(piece).filter(|piece| !piece.stretches.is_empty()));
        Ok((pieces, total))
    }

    /// Makes the names of a piece until `take` breaks off.
    pub(crate) fn make(&self, piece: &Piece, take: &mut dyn FnMut(Made) -> ControlFlow<()>) -> Result<(), Error> {
        for Stretch { source, part } in &piece.stretches {
            let generator = &*self.sources[*source].1;
            let mut take = |validity| take((*source, validity));
            let flow = match (self.span, part) {
                (Span::Range(range), Some(part)) => {
                    let range = Range { limit: self.count, ..range };
                    all_of(range.validities_of(part, generator)?, &mut take)?
                }
                _ => list(generator, self.span, self.count, &mut take)?,
            };
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// A name that was made, with all that is known about it.
    pub fn row<'a>(&'a self, source: usize, validity: &'a Validity) -> Row<'a> {
        let (configuration, generator) = &self.sources[source];
        Row {
            family: generator.family(),
            variant: generator.variant(),
            preset: configuration.preset.as_deref().unwrap_or_default(),
            name: validity.name.as_str(),
            valid: validity.period,
            index: validity.index,
        }
    }
}

/// The names of a part of a range.
fn all_of(
    validities: Validities<'_>,
    take: &mut dyn FnMut(Validity) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Error> {
    for validity in validities {
        if take(validity?).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// The list of one moment, as the bot makes it.
fn list(
    generator: &dyn Generate,
    span: Span,
    count: Option<usize>,
    take: &mut dyn FnMut(Validity) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Error> {
    let (at, margin) = (span.begin(), span.margin());
    let period = generator.period(at)?;
    let widened = Period {
        from: period.from.and_then(|from| from.checked_sub_signed(margin)),
        until: period.until.and_then(|until| until.checked_add_signed(margin)),
    };
    let wanted = count.or(generator.length()).unwrap_or(usize::MAX);
    let mut list = generator.list(at)?;
    let mut batch: Vec<Name> = Vec::with_capacity(NAMES_AT_ONCE.min(wanted));
    let mut made = 0;
    while made < wanted {
        batch.clear();
        list.fill(NAMES_AT_ONCE.min(wanted - made), &mut batch);
        if batch.is_empty() {
            break;
        }
        for (index, name) in batch.iter().enumerate() {
            if take(Validity { name: *name, period: widened, index: made + index }).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        made += batch.len();
    }
    Ok(ControlFlow::Continue(()))
}
