//! Processes that betray an infected host.

use std::collections::HashMap;

use super::super::Process;
use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;
use super::one_line;

/// The processes, each of which stands once: Windows compares file names in any letter case.
pub(super) fn processes(spec: &[v1::Process], place: Place<'_>, problems: &mut Vec<Problem>) -> Vec<Process> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut processes = Vec::with_capacity(spec.len());
    for (index, process) in spec.iter().enumerate() {
        let here = place.index(index);
        one_line(&process.program, here.key("program").caret(), "`program`", problems);
        let image = here.key("image");
        if !is_file_name(&process.image) {
            let message = format!("`{}` is not a file name", process.image);
            problems.push(
                Problem::at(image.caret(), message)
                    .hint("write what a list of processes shows, without its folder, such as `mask_svc.exe`"),
            );
        } else if let Some(first) = first.get(&process.image.to_lowercase()) {
            problems.push(
                Problem::at(image.caret(), format!("process `{}` is listed twice", process.image))
                    .also(place.index(*first).key("image").caret(), "first listed here")
                    .hint("list it once; images are the same in any letter case"),
            );
        } else {
            first.insert(process.image.to_lowercase(), index);
            processes.push(Process { image: process.image.clone(), program: process.program.clone() });
        }
    }
    processes
}

/// Whether Windows takes it for the name of a file ("Naming Files, Paths, and Namespaces").
fn is_file_name(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(|char: char| char.is_control() || "\\/:*?\"<>|".contains(char))
}
