//! Logs of DNS servers, sensors and captures, read as a stream of look-ups.
