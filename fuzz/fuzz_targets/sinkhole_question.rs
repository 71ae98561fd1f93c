#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| hydrabane_fuzz::sinkhole::question(octets));
