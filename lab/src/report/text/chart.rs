//! The chart of shares: for each standing of a bot a band of blocks over the play, with marks where somebody acted.

use unicode_width::UnicodeWidthStr;

use super::super::figures::{instant, percent, plural};
use super::super::shares::Standing;
use super::paint::{Ink, Page};
use crate::outcome::{Hour, Outcome};

const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Columns left of the bands: two spaces, the longest name, two spaces.
const LEFT: usize = 12;
/// Columns right of them: the share at the end.
const RIGHT: usize = 9;

/// Adds the chart to a page.
pub(super) fn shares(page: &mut Page, outcome: &Outcome) {
    let hours = &outcome.hours;
    if hours.is_empty() {
        return;
    }
    let columns = (page.width() - LEFT - RIGHT).min(hours.len());
    let each = hours.len().div_ceil(columns);
    let steps: Vec<&[Hour]> = hours.chunks(each).collect();
    let heading = format!("Where the online bots were ({} a column)", plural(each, "hour", "hours"));
    page.heading(&heading);

    for standing in Standing::ALL {
        let levels: Vec<Option<f64>> = steps.iter().map(|hours| standing.mean(hours)).collect();
        // A band that stays low needs one row only, one of nothing none.
        let rows = match levels.iter().flatten().copied().fold(0.0, f64::max) {
            ..0.0005 => continue,
            ..0.25 => 1,
            _ => 2,
        };
        let ink = match standing {
            Standing::Herder => Ink::Bad,
            Standing::Held => Ink::Good,
            Standing::Counted => Ink::Notice,
            Standing::Stranded | Standing::Stranger => Ink::Plain,
        };
        for row in (0..rows).rev() {
            let band: String = levels.iter().map(|&level| block(level, row, rows)).collect();
            let line = if row == 0 {
                let at_end = hours.last().and_then(|hour| standing.share(hour)).map_or("-".to_owned(), percent);
                format!("  {:<8}  {}{at_end:>RIGHT$}", standing.name(), page.paint(ink, &band))
            } else {
                format!("  {:<8}  {}", "", page.paint(ink, band.trim_end()))
            };
            page.line(&line);
        }
    }
    axis(page, outcome, each, steps.len());
}

/// The block for one row of a band of `rows` rows; a share that is not nothing shows at least a sliver.
fn block(level: Option<f64>, row: usize, rows: usize) -> char {
    let Some(level) = level else { return ' ' };
    let most = 8 * rows;
    let mut eighths = (level * most as f64).round() as usize;
    if eighths == 0 && level >= 0.001 {
        eighths = 1;
    }
    BLOCKS[eighths.saturating_sub(8 * row).min(8)]
}

/// Marks for what happened, and days below them.
fn axis(page: &mut Page, outcome: &Outcome, each: usize, columns: usize) {
    let Some(start) = outcome.hours.first().and_then(|hour| instant(&hour.at)) else { return };
    let mut marks = vec![' '; columns];
    for happening in &outcome.happenings {
        let Some(at) = instant(&happening.at) else { continue };
        let hour = usize::try_from((at - start).num_hours()).unwrap_or(0);
        if let Some(mark) = marks.get_mut(hour / each) {
            *mark = match (happening.by.as_str(), *mark) {
                ("defender", ' ' | 'd') => 'd',
                ("herder", ' ' | 'h') => 'h',
                (_, ' ' | 'w') => 'w',
                _ => '*',
            };
        }
    }
    let marks: String = marks.into_iter().collect();
    page.line(&format!("  {:<8}  {marks}", "acts"));

    let mut days = String::new();
    for column in 0..columns {
        let Some(day) = outcome.hours.get(column * each).and_then(|hour| instant(&hour.at)) else { continue };
        let label = day.format("%b %d").to_string();
        let room = columns - column >= label.len();
        if column >= days.width() && room {
            days.push_str(&" ".repeat(column - days.width()));
            days.push_str(&label);
            days.push_str("      ");
        }
    }
    page.line(&format!("  {:<8}  {}", "", days.trim_end()));
    if !outcome.happenings.is_empty() {
        let legend = "d a defender acts, h the herder, w the world changes, * several of them";
        page.paragraph(&[(Ink::Plain, "  ")], Ink::Faint, legend);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_fill_from_below() {
        assert_eq!([block(Some(1.0), 0, 2), block(Some(1.0), 1, 2)], ['█', '█']);
        assert_eq!([block(Some(0.5), 0, 2), block(Some(0.5), 1, 2)], ['█', ' ']);
        assert_eq!([block(Some(0.75), 0, 2), block(Some(0.75), 1, 2)], ['█', '▄']);
        assert_eq!([block(Some(0.002), 0, 2), block(Some(0.0), 0, 2), block(None, 0, 2)], ['▁', ' ', ' ']);
    }
}
