//! The catalogue's families, in alphabetical order: one file each, and one line here.

mod prelude;

use std::sync::OnceLock;

use crate::algorithm::Algorithm;
use crate::family::Family;
use crate::preset::Preset;

/// Declares each family's module and lists it in [`FAMILIES`], with its file's text and its presets.
macro_rules! families {
    ($($module:ident::$parameters:ident),+ $(,)?) => {
        $(mod $module;)+

        /// Every family, in alphabetical order.
        pub static FAMILIES: &[Family] = &[$({
            static PRESETS: OnceLock<Vec<Preset>> = OnceLock::new();
            Family::new::<$module::$parameters>(
                &<$module::$parameters as Algorithm>::INFO,
                include_str!(concat!(stringify!($module), ".rs")),
                include_str!(concat!("../../presets/", stringify!($module), ".yaml")),
                &PRESETS,
            )
        }),+];
    };
}

families! {
    banjori::Banjori,
    bazarbackdoor::Bazarbackdoor,
    bigviktor::Bigviktor,
    bumblebee::Bumblebee,
    ccleaner::Ccleaner,
    charbot::Charbot,
    chinad::Chinad,
    conficker::Conficker,
    corebot::Corebot,
    cryptolocker::Cryptolocker,
    custom::Custom,
    darkcracks::Darkcracks,
    dircrypt::Dircrypt,
    dmsniff::Dmsniff,
    dnschanger::Dnschanger,
    dyre::Dyre,
    emotet::Emotet,
    enviserv::Enviserv,
    flubot::Flubot,
    fobber::Fobber,
    fosniw::Fosniw,
    gameover::Gameover,
    gozi::Gozi,
    kraken::Kraken,
    locky::Locky,
    m0yv::M0yv,
    matsnu::Matsnu,
    monerodownloader::Monerodownloader,
    murofet::Murofet,
    mydoom::Mydoom,
    necurs::Necurs,
    newgoz::Newgoz,
    ngioweb::Ngioweb,
    nymaim::Nymaim,
    nymaim2::Nymaim2,
    orchard::Orchard,
    ozdok::Ozdok,
    padcrypt::Padcrypt,
    pitou::Pitou,
    pizd::Pizd,
    proslikefan::Proslikefan,
    pseudomanuscrypt::Pseudomanuscrypt,
    pushdo::Pushdo,
    pykspa::Pykspa,
    qadars::Qadars,
    qakbot::Qakbot,
    qsnatch::Qsnatch,
    ramdo::Ramdo,
    ramnit::Ramnit,
    ranbyus::Ranbyus,
    reconyc::Reconyc,
    rovnix::Rovnix,
    sharkbot::Sharkbot,
    shiotob::Shiotob,
    simda::Simda,
    sisron::Sisron,
    suppobox::Suppobox,
    symmi::Symmi,
    tempedreve::Tempedreve,
    tinba::Tinba,
    torpig::Torpig,
    tufik::Tufik,
    unnamed_downloader::UnnamedDownloader,
    unnamed_javascript_dga::UnnamedJavascriptDga,
    vawtrak::Vawtrak,
    verblecon::Verblecon,
    vidro::Vidro,
    xshellghost::Xshellghost,
    zloader::Zloader,
}
