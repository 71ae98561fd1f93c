//! What the command line says about scenario files, good and bad: transcripts, each run in the folder beside it.

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("../tests/cli/scenarios/*.trycmd");
}
