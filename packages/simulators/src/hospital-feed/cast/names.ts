/**
 * Invented names. Those of patients are long, and are no words of their own, so that a search of
 * logs and databases for them finds leaks and nothing else; no member of staff shares one.
 * Telephone numbers are from the ranges that Ofcom keeps for drama; postcodes start with ZZ99,
 * which no delivery point has.
 */
export const FAMILY_NAMES = [
  'Abergwynne',
  'Ashcombe-Rudd',
  'Balogunde',
  'Bielawski',
  'Brynŵen',
  'Chakraborthi',
  'Cottingley',
  'Dunmorrow',
  'Eszterhazy',
  'Fairweathers',
  'Ferncastle',
  'Gilhooleyan',
  'Gŵydderig',
  'Hathersedge',
  'Isherwoode',
  'Jabłkowska',
  'Kilbranney',
  'Llanfyrnach',
  'Małkowicz',
  'Mbekwere',
  'Merriwick',
  'Nnamdiora',
  "O'Rafferton",
  'Oyelaranmi',
  'Penhallowick',
  'Quarmbyson',
  'Ramanathapillai',
  'Rŷdwalader',
  'Saltonstow',
  'Silversteyn',
  'Thistlewayte',
  'Tregarthick',
  'Uddinshah',
  'Vaszaryné',
  'Wisłocki',
  'Woolstencroft',
  'Yeardsleyan',
  'Zielińskaja',
] as const

export const MALE_NAMES = [
  'Aneirin',
  'Bartholomew',
  'Chukwuemeka',
  'Desmonde',
  'Fitzwilliam',
  'Gruffudd',
  'Haroonur',
  'Iestynwyn',
  'Jasvinder',
  'Kwabenaro',
  'Llŷrion',
  'Michałek',
  'Olumideji',
  'Padraighan',
  'Rajeshwar',
  'Stanisław',
  'Tŵmos',
  'Zachariasz',
] as const

export const FEMALE_NAMES = [
  'Agnieszka',
  'Blodeuwedd',
  'Chloëlle',
  'Dŵynwen',
  'Elżbieta',
  'Ffionwen',
  'Gwenllïan',
  'Henrietta',
  'Ifeomachi',
  'Jadwigałka',
  'Kathleena',
  'Lakshmiben',
  'Mairéadan',
  'Nilofarah',
  'Oluwaseyi',
  'Priyankari',
  'Renéetta',
  'Siânwen',
  'Thandiwela',
  'Zubaidahan',
] as const

export const STREETS = [
  'Quillfeather Row',
  'Marlpitter Lane',
  'Tinderbeck Close',
  'Oxlipper Hollow',
  'Fennimere Terrace',
  'Gannetstone Rise',
  'Bramblewicket Way',
  'Copperkettle Yard',
  'Larkspindle Drive',
  'Mizzlethorpe Avenue',
  'Nettlebourne Mews',
  'Peregrinus Walk',
  'Rushlightley Street',
  'Sedgewarbler Court',
] as const

export const VILLAGES = [
  'Netherquillby',
  'Upper Tadmarle',
  'Little Snoringworth',
  'Great Puddlestow',
  'Long Crimplestow',
] as const

export const TOWNS = ['Otterwickham', 'Saltmarshby', 'Fennborough-le-Mere', 'Wythersea'] as const

export const COUNTIES = ['Fennshire', 'Mereshire'] as const
