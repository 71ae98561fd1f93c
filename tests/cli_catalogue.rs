//! What the command line says about families, their names and their vectors when it is used wrongly: transcripts, run in
//! the folder beside them.

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("../tests/cli/catalogue/*.trycmd");
}
