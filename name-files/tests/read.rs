//! What is written reads back as the same rows, in every form; plain lists as people have them are read; and no damage
//! makes the reader panic.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Cursor;

use chrono::{DateTime, TimeDelta, Utc};
use dga::{FAMILIES, Period, Range, Selection, WordLists};
use name_files::read::{self, Error, Names};
use name_files::{Form, Head, Request, Row, Source, Span, write};
use proptest::prelude::*;

const FORMS: [Form; 4] = [Form::Lines, Form::Csv, Form::Jsonl, Form::Parquet];

/// A row that outlives its file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    texts: [String; 4],
    valid: Period,
    index: usize,
}

impl Kept {
    fn of(row: &Row<'_>) -> Self {
        let texts = [row.family, row.variant, row.preset, row.name].map(str::to_owned);
        Self { texts, valid: row.valid, index: row.index }
    }

    /// What a plain list keeps of it.
    fn bare(&self, index: usize) -> Self {
        let texts = [String::new(), String::new(), String::new(), self.texts[3].clone()];
        Self { texts, valid: Period::ALWAYS, index }
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Every family that needs no word list, with its first configuration.
fn sources() -> Vec<Source> {
    let words = WordLists::new(Vec::new(), |_: &str| None);
    let first = FAMILIES.iter().filter_map(|family| {
        let configuration = family.configurations(&Selection::default(), &[]).ok()?.into_iter().next()?;
        let generator = family.bind_configuration(&configuration, &words).ok()?;
        Some((configuration, generator))
    });
    first.collect()
}

fn head() -> Head {
    Head::new("generate --all --from 2026-11-20T00:00:00Z")
}

fn made(request: &Request) -> Vec<Kept> {
    let mut rows = Vec::new();
    let visited: Result<(), dga::Error> = request.visit(1, |row| {
        rows.push(Kept::of(row));
        Ok(())
    });
    visited.unwrap();
    rows
}

fn encoded(request: &Request, form: Form) -> Vec<u8> {
    write(request, form, &head(), 1, Vec::new(), |_, _| {}).unwrap()
}

fn rows_of(names: Names) -> Result<Vec<Kept>, Error> {
    let mut rows = Vec::new();
    names.visit(&mut |row| {
        rows.push(Kept::of(row));
        Ok::<(), Error>(())
    })?;
    Ok(rows)
}

/// What a file with these bytes reads as.
fn from_file(bytes: &[u8]) -> Result<(Option<Head>, Vec<Kept>), Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names");
    fs::write(&path, bytes).unwrap();
    let names = read::open(&path)?;
    Ok((names.head().cloned(), rows_of(names)?))
}

/// What a stream of these bytes reads as.
fn from_stream(bytes: &[u8]) -> Result<Vec<Kept>, Error> {
    rows_of(read::stream(Cursor::new(bytes.to_vec()))?)
}

fn reads_back(request: &Request) {
    let expected = made(request);
    for form in FORMS {
        let bytes = encoded(request, form);
        let (read_head, rows) = from_file(&bytes).unwrap_or_else(|error| panic!("{form:?}: {error}"));
        if form == Form::Lines {
            let bare: Vec<_> = expected.iter().enumerate().map(|(index, row)| row.bare(index)).collect();
            assert_eq!((read_head, rows), (None, bare));
        } else {
            assert_eq!(read_head, Some(head()), "{form:?}");
            assert_eq!(rows, expected, "{form:?}");
        }
        match from_stream(&bytes) {
            Err(Error::ParquetFromStream) => assert_eq!(form, Form::Parquet),
            rows => assert_eq!(rows.unwrap().len(), expected.len(), "{form:?}"),
        }
    }
}

#[test]
fn every_family_reads_back() {
    let sources = sources();
    assert!(sources.len() > 40, "{}", sources.len());
    let range = Range {
        from: at("2026-11-20T00:00:00Z"),
        until: at("2026-11-22T00:00:00Z"),
        margin: TimeDelta::zero(),
        limit: None,
    };
    reads_back(&Request { sources: sources.clone(), span: Span::Range(range), count: Some(100) });
    reads_back(&Request {
        sources,
        span: Span::Moment { at: range.from, margin: TimeDelta::hours(7) },
        count: Some(20),
    });
}

/// More rows than a batch of the reader and a row group of the writer.
#[test]
fn long_files_read_back() {
    let conficker = sources().into_iter().filter(|(_, generator)| generator.family() == "conficker").collect();
    let range = Range {
        from: at("2026-01-01T00:00:00Z"),
        until: at("2026-04-01T00:00:00Z"),
        margin: TimeDelta::zero(),
        limit: None,
    };
    reads_back(&Request { sources: conficker, span: Span::Range(range), count: None });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn written_rows_read_back(
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        preset in prop::option::of("(?s).{1,20}|[=+@'\"-]{1,3}[a,\n\r\t#]{0,3}"),
        day in 0_i64..4000,
        days in 1_i64..4,
        margin in 0_i64..100_000,
        count in prop::option::of(1_usize..50),
    ) {
        let all = sources();
        let sources = chosen.iter().map(|index| {
            let (mut configuration, generator) = all[index.index(all.len())].clone();
            configuration.preset.clone_from(&preset);
            (configuration, generator)
        }).collect();
        let from = at("2016-01-01T00:00:00Z") + TimeDelta::days(day);
        let range = Range { from, until: from + TimeDelta::days(days), margin: TimeDelta::seconds(margin), limit: None };
        reads_back(&Request { sources, span: Span::Range(range), count: Some(count.unwrap_or(50)) });
    }

    #[test]
    fn anything_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = from_file(&bytes);
        let _ = from_stream(&bytes);
        // With text behind its first four bytes it would be a list whose first name begins so.
        let parquet = [b"PAR1\x15", bytes.as_slice(), b"PAR1"].concat();
        prop_assert!(from_file(&parquet).is_err());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(#.{0,20}\n)?(family,variant,preset,name,registrable_domain,public_suffix,valid_from,valid_to,index\n|\\{)?[a-z.,\"{}:'\n\r\u{feff}# 0-9]{0,200}") {
        let _ = from_file(text.as_bytes());
    }

    /// A damaged file is refused, or its damage lies where nobody looks (in what follows from the names, in a comment).
    #[test]
    fn damage_never_panics(
        form in prop::sample::select(FORMS.to_vec()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        end in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (bytes, rows) = sample(form);
        let mut damaged = bytes.clone();
        for (place, byte) in flips {
            let place = place.index(damaged.len());
            damaged[place] ^= byte;
        }
        if let Some(end) = end {
            damaged.truncate(end.index(damaged.len()));
        }
        if let Ok((_, read)) = from_file(&damaged) {
            prop_assert!(read.len() <= rows + 3, "a few bytes do not make {} rows of {rows}", read.len());
        }
    }
}

/// A small file of each form, and how many rows it has.
fn sample(form: Form) -> (Vec<u8>, usize) {
    let span = Span::Moment { at: at("2026-11-22T00:00:00Z"), margin: TimeDelta::zero() };
    let request = Request { sources: sources().into_iter().take(3).collect(), span, count: Some(20) };
    (encoded(&request, form), made(&request).len())
}

#[test]
fn every_cut_of_a_file_is_read_or_refused() {
    for form in FORMS {
        let (bytes, rows) = sample(form);
        for end in 0..bytes.len() {
            match from_file(&bytes[..end]) {
                Ok((_, read)) => {
                    assert!(read.len() <= rows, "{form:?} cut at {end}");
                    assert!(form != Form::Parquet || end < 4, "cut at {end}, it still begins as Parquet");
                }
                Err(error) => assert!(error.hint().is_some(), "{form:?} cut at {end}: {error}"),
            }
        }
    }
}

/// The end of a Parquet file says where everything is; readers that believe it look in places that there are not.
#[test]
fn every_damaged_byte_of_the_end_is_read_or_refused() {
    let (bytes, rows) = sample(Form::Parquet);
    let length = u32::from_le_bytes(*bytes[..bytes.len() - 4].last_chunk().unwrap()) as usize;
    for place in bytes.len() - 8 - length..bytes.len() {
        for flip in [0x01, 0x80] {
            let mut damaged = bytes.clone();
            damaged[place] ^= flip;
            if let Ok((_, read)) = from_file(&damaged) {
                assert!(read.len() <= rows, "{} rows with byte {place} ^ {flip}", read.len());
            }
        }
    }
}

#[test]
fn plain_lists_as_people_have_them() {
    let text = "\u{feff}# a comment\r\n\r\nOne.test\r\n  two.test  # with a reason\r\nthree#.test\nfour.test.";
    let names: Vec<_> = from_stream(text.as_bytes()).unwrap().into_iter().map(|row| row.texts[3].clone()).collect();
    assert_eq!(names, ["One.test", "two.test", "three#.test", "four.test."]);
    assert_eq!(from_stream(b"").unwrap(), []);
    assert_eq!(from_stream(b"PAR1.test\n").unwrap().len(), 1);

    let labelled = read::stream(Cursor::new(b"a.test\nb.test\n")).unwrap().labelled("mine");
    let rows = rows_of(labelled).unwrap();
    assert_eq!(rows[1].texts, ["mine", "", "", "b.test"].map(str::to_owned));
    assert_eq!((rows[1].index, rows[1].valid), (1, Period::ALWAYS));

    let exported = format!("# {}\na.test\n", head().line());
    assert_eq!(read::stream(Cursor::new(exported)).unwrap().head(), Some(&head()));
}

#[test]
fn other_files_are_refused_with_their_line() {
    let long = "a".repeat(70_000);
    let header = "family,variant,preset,name,registrable_domain,public_suffix,valid_from,valid_to,index\n";
    let csv = |rest: &str| format!("# by hand\n{header}{rest}");
    for (text, line, reason) in [
        ("# x\n\n127.0.0.1 localhost\n", 3, "hosts file"),
        ("a.test\n0.0.0.0\tb.test c.test\n", 2, "hosts file"),
        ("::1\n", 1, "an address"),
        ("a.test b.test\n", 1, "more than one word"),
        ("rank,name\n1,a.test\n", 1, "without the header"),
        ("<html>\n", 1, "a page"),
        ("a.test\na\0b\n", 2, "no text"),
        (&long, 1, "longer"),
        ("[{\"name\": \"a.test\"}]", 1, "array"),
        ("{\"family\": \"x\"}\n", 1, "missing field `name`"),
        ("{\"family\": \"x\", \"name\": \"a.test\"}\n{\n", 2, "EOF"),
        ("{\"family\": \"x\", \"name\": \"a.test\", \"valid_from\": \"soon\"}\n", 1, "`valid_from` is `soon`"),
        (&csv("x,,,a.test,,,,,0\nx,,\n"), 4, "3 fields"),
        (&csv("x,,,a.test,,,,,many\n"), 3, "`index` is `many`"),
        (&csv("\"x\ny\",,,a.test,,,,,0\nx,,,b.test,,,today,,0\n"), 5, "`valid_from` is `today`"),
        (&csv(&format!("x,,,a.test,,,,,0\n\"{}", "b,c\n".repeat(100_000))), 4, "quotation mark"),
        ("\u{feff}{\"family\": \"x\"}", 1, "missing field"),
    ] {
        match from_stream(text.as_bytes()) {
            Err(error @ Error::Line { line: found, .. }) => {
                let shown = error.to_string();
                assert_eq!(found, line, "{shown}");
                assert!(shown.contains(reason), "{shown}: {reason}");
            }
            other => panic!("{text:.60}: {other:?}"),
        }
    }
    for (bytes, reason) in [
        (b"\xff\xfea\0.\0".as_slice(), "UTF-16"),
        (b"\x1f\x8b\x08\0", "compressed"),
        (b"a.test\n\xe9.test\n", "not UTF-8"),
    ] {
        let error = from_stream(bytes).unwrap_err();
        assert!(error.to_string().contains(reason) && error.hint().is_some(), "{error}");
    }
}

#[test]
fn tables_of_others_are_read_where_they_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table");
    let open = |text: &str| {
        fs::write(&path, text).unwrap();
        assert!(rows_of(read::open(&path).unwrap()).is_err(), "{text}");
        read::open_any(&path)
    };
    let text = "# by hand\nSeen, Domain ,family,valid_from\n1,one.test ,ramnit,2026-11-22T00:00:00Z\n# more\n\
                \"2, 3\",two.test,,\n";
    let rows = rows_of(open(text).unwrap()).unwrap();
    assert_eq!(rows[0].texts, ["ramnit", "", "", "one.test"].map(str::to_owned));
    assert_eq!(rows[0].valid, Period { from: Some(at("2026-11-22T00:00:00Z")), until: None });
    assert_eq!((rows[1].index, rows[1].texts[3].as_str(), rows.len()), (1, "two.test", 2));
    assert_eq!(rows_of(open("name,\na.test,\n").unwrap()).unwrap().len(), 1);
    assert!(rows_of(open("rank,site\n1,a.test\n").unwrap()).is_err());
    let wrong = rows_of(open("name,index\na.test,0\nb.test\n").unwrap()).unwrap_err();
    assert_eq!(wrong.to_string(), "line 3: it has 1 fields instead of 2");
}

#[test]
fn whoever_wants_to_goes_on_behind_what_is_wrong() {
    let header = "family,variant,preset,name,registrable_domain,public_suffix,valid_from,valid_to,index\n";
    let csv = format!("{header}x,,,a.test,,,,,0\nx,,\nx,,,b.test,,,,,9\n");
    for (text, sound) in [
        ("a.test\n# comment\nb c\n1.2.3.4\nd.test\n", vec![(1, 0), (5, 3)]),
        (csv.as_str(), vec![(2, 0), (4, 9)]),
        (
            "{\"family\": \"x\", \"name\": \"a.test\"}\n{}\n{\"family\": \"x\", \"name\": \"b.test\", \"index\": 5}",
            vec![(1, 0), (3, 5)],
        ),
    ] {
        let mut read = Vec::new();
        let mut wrong = 0;
        let visited = read::stream(Cursor::new(text.as_bytes().to_vec())).unwrap().visit_each(&mut |place, row| {
            match row {
                Ok(row) => read.push((place, row.index)),
                Err(_) => wrong += 1,
            }
            Ok::<(), Error>(())
        });
        visited.unwrap();
        assert_eq!(read, sound);
        assert!(wrong > 0, "{text}");
    }
}

#[test]
fn other_parquet_files_are_refused() {
    use arrow_array::{Int64Array, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    let name = StringArray::from(vec!["a.test"]);
    let batch = RecordBatch::try_from_iter([("name", std::sync::Arc::new(name) as arrow_array::ArrayRef)]).unwrap();
    let numbers = Int64Array::from(vec![1]);
    let other =
        RecordBatch::try_from_iter([("family", std::sync::Arc::new(numbers) as arrow_array::ArrayRef)]).unwrap();
    for (batch, reason) in [(batch, "no column `family`"), (other, "column `family` does not hold text")] {
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let error = from_file(&bytes).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}
