"""Word tables of the benchmark's rules, as data: what becomes what. Several possibilities are parted by `|`."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split(" > ") for entry in " ".join(text.split()).strip("; ").split("; "))
    return {old.strip(): tuple(part.strip() for part in new.split(" | ")) for old, new in entries}


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


def only(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """A table in which everything has one replacement."""
    return {old: new[0] for old, new in table.items()}


# One name a substance, so that no swap can put a synonym in place of a name.
DRUGS = _words(
    """
aspirin clopidogrel warfarin heparin enoxaparin rivaroxaban apixaban dabigatran metformin insulin glibenclamide
pioglitazone sitagliptin liraglutide simvastatin atorvastatin rosuvastatin pravastatin lisinopril enalapril
ramipril losartan valsartan candesartan amlodipine nifedipine verapamil diltiazem metoprolol atenolol
propranolol carvedilol bisoprolol furosemide spironolactone digoxin amiodarone nitroglycerin ibuprofen naproxen
diclofenac celecoxib rofecoxib paracetamol morphine fentanyl oxycodone tramadol ketamine propofol midazolam
lidocaine bupivacaine ropivacaine dexamethasone prednisone prednisolone hydrocortisone methotrexate azathioprine
cyclosporine tacrolimus infliximab adalimumab etanercept rituximab trastuzumab bevacizumab cetuximab imatinib
erlotinib gefitinib sorafenib sunitinib tamoxifen letrozole anastrozole paclitaxel docetaxel cisplatin
carboplatin oxaliplatin gemcitabine doxorubicin cyclophosphamide capecitabine irinotecan temozolomide fluoxetine
sertraline paroxetine citalopram escitalopram venlafaxine duloxetine bupropion amitriptyline lithium risperidone
olanzapine quetiapine haloperidol clozapine aripiprazole diazepam lorazepam phenytoin carbamazepine valproate
lamotrigine levetiracetam gabapentin pregabalin amoxicillin ampicillin azithromycin clarithromycin erythromycin
doxycycline ciprofloxacin levofloxacin vancomycin gentamicin metronidazole rifampicin isoniazid fluconazole
amphotericin acyclovir oseltamivir zidovudine lamivudine tenofovir efavirenz nevirapine ritonavir chloroquine
artesunate mefloquine ivermectin albendazole omeprazole pantoprazole ranitidine ondansetron metoclopramide
misoprostol oxytocin mifepristone clomiphene progesterone estradiol testosterone levothyroxine alendronate
zoledronate denosumab calcitriol salbutamol salmeterol formoterol budesonide fluticasone tiotropium montelukast
theophylline omalizumab melatonin caffeine nicotine varenicline naltrexone buprenorphine methadone disulfiram
donepezil memantine rivastigmine levodopa sildenafil tadalafil finasteride tamsulosin botulinum ciclesonide
"""
)

COUNTRIES = _words(
    """
Sweden Norway Denmark Finland Germany France Italy Spain Portugal Greece Turkey Canada Australia Japan China
India Brazil Mexico Kenya Uganda Nigeria Ghana Tanzania Malawi Zambia Bangladesh Pakistan Thailand Vietnam Iran
Israel Poland Netherlands Switzerland Austria Belgium Ireland Scotland Taiwan Ethiopia Peru Chile Argentina
Massachusetts Maine Connecticut Delaware California Florida Texas Nevada Illinois Pennsylvania Virginia Maryland
Georgia Ohio Michigan
"""
)

POPULATIONS = _pairs(
    """
women > men; men > women; mice > rats; rats > mice; children > adults; infants > adolescents;
adolescents > infants; boys > girls; girls > boys; mothers > fathers; smokers > non-smokers; liver > kidney;
kidney > liver; lung > colon; breast cancer > lung cancer; prostate cancer > breast cancer;
type 2 diabetes > type 1 diabetes; type 1 diabetes > type 2 diabetes; placebo > active control
"""
)

ROLES = _pairs(
    """
plaintiff > defendant; defendant > plaintiff; plaintiffs > defendants; defendants > plaintiffs;
appellant > appellee; appellee > appellant; appellants > appellees; appellees > appellants;
petitioner > respondent; respondent > petitioner; petitioners > respondents; respondents > petitioners;
Buyer > Seller; Seller > Buyer; buyer > seller; seller > buyer; Licensor > Licensee; Licensee > Licensor;
licensor > licensee; licensee > licensor; Lessor > Lessee; Lessee > Lessor; lessor > lessee; lessee > lessor;
Landlord > Tenant; Tenant > Landlord; Parent > Company; Company > Parent; Disclosing Party > Receiving Party;
Receiving Party > Disclosing Party; Discloser > Recipient; Recipient > Discloser; Distributor > Supplier;
Supplier > Distributor; Franchisor > Franchisee; Franchisee > Franchisor; Lender > Borrower; Borrower > Lender;
Assignor > Assignee; Assignee > Assignor; Customer > Vendor; Vendor > Customer;
Indemnifying Party > Indemnified Party; Indemnified Party > Indemnifying Party; debtor > secured party;
secured party > debtor; drawer > drawee; drawee > drawer; bailor > bailee; bailee > bailor;
consignor > consignee; consignee > consignor; Purchaser > Vendor; employer > employee; employee > employer;
Consultant > Client; Client > Consultant; Manufacturer > Distributor; Publisher > Author; Author > Publisher;
Contractor > Owner; Owner > Contractor; issuer > beneficiary; beneficiary > issuer;
Supreme Court > district court; district court > Supreme Court; creditor > debtor; mortgagor > mortgagee;
mortgagee > mortgagor; obligor > obligee; obligee > obligor; warehouse > carrier; carrier > warehouse;
the prosecution > the defense; the defense > the prosecution; Provider > Customer; Reseller > Distributor;
Agent > Principal; Principal > Agent; issuing bank > collecting bank; collecting bank > issuing bank;
Affiliate > Network; Network > Affiliate
"""
)

# Words of case names that are no party's own name.
NO_PARTY = _words(
    """
Administration Agency Airlines America American Association Attorney Authority Bank Board Boston Broadcasting
Bros Capital Casualty Center Central Chemical City College Commissioner Commonwealth Communications Company
Computer Connecticut Construction Corp Corporation Correctional County Credit Data Department Development
Director District Doe East Eastern Electric Employees Engineering Estate Federal First Food Foods Fund Funding
Gas General Group Hampshire Health Holdings Honorable Hospital Housing Human Immigration Inc Industries
Insurance Internal International Island Labor Life Light Limited Lines Local Maine Management Massachusetts
Matter Medical Motor Motors Mutual National News North Northern Office Parcel Partners Pension Petroleum Plan
Police Power Press Prison Products Property Puerto Real Realty Restaurant Retirement Revenue Rhode Rico Roe
Savings School Secretary Security Services Sheriff Shipping Social Sons South Southern State States Steel Stores
Superintendent Systems Telephone Town Trust Under Union United University Warden Water Welfare West Western
Workers York
"""
)

UNITS = _pairs(
    """
mg > g | µg; g > mg | kg; kg > g | lb; µg > mg; μg > mg; mcg > mg; ng > µg; ml > L; mL > L; l > mL; L > mL;
cm > mm | m; mm > cm; km > miles; mmol > µmol | mol; µmol > mmol; μmol > mmol; nmol > µmol; μM > mM; µM > mM;
nM > µM; mM > µM; mmHg > cmHg | kPa; mm Hg > cm Hg | kPa; Gy > cGy; Hz > kHz; kHz > Hz; MHz > kHz;
second > minute; seconds > minutes | milliseconds; minute > hour; minutes > hours | seconds; min > h; hour > day;
hours > days | minutes; h > min; day > week; days > weeks | months | hours; week > month; weeks > months | days;
month > year; months > years | weeks | days; year > month; years > months | weeks; bytes > bits | kilobytes;
byte > bit; bits > bytes; bit > byte; KB > MB; kB > MB; MB > GB | KB; GB > MB; KiB > MiB; MiB > GiB; GiB > MiB;
ms > s; milliseconds > seconds; microseconds > milliseconds; nanoseconds > microseconds; dollars > cents;
acres > square feet; miles > feet; feet > yards | inches; inches > feet; pounds > ounces; ounces > pounds;
grams > kilograms | milligrams; kilograms > grams; million > billion | thousand; billion > million;
business days > business weeks | weeks; calendar days > calendar months; characters > lines; digits > bits;
decimal places > significant figures
"""
)

RATES = _pairs(
    """
per day > per week; per week > per day; per month > per year; per year > per month; per hour > per day;
per minute > per hour; per second > per minute; /day > /week; once daily > once weekly;
twice daily > twice weekly; once a day > once a week; twice a week > twice a day; per annum > per month;
daily > weekly; weekly > monthly; monthly > weekly; annually > monthly; quarterly > monthly; per kg > per g
"""
)

# A prefix or a particle that negates.
NEGATING = _pairs(
    """
unable > able; unlikely > likely; unreasonable > reasonable; insufficient > sufficient; invalid > valid;
inconsistent > consistent; ineffective > effective; unaffected > affected; unchanged > changed;
unnecessary > necessary; inappropriate > appropriate; inadequate > adequate; incomplete > complete;
unauthorized > authorized; unenforceable > enforceable; unlawful > lawful; unsafe > safe; incorrect > correct;
incompatible > compatible; independent of > dependent on; unsupported > supported; unrelated > related;
irrelevant > relevant; inadmissible > admissible; unconstitutional > constitutional; impossible > possible;
unclear > clear; uncommon > common; unordered > ordered; immutable > mutable; nonexclusive > exclusive;
non-exclusive > exclusive; undisputed > disputed; unsuccessful > successful; unwilling > willing;
reasonable > unreasonable; sufficient > insufficient; effective > ineffective;
consistent with > inconsistent with; valid > invalid; enforceable > unenforceable; likely > unlikely;
able to > unable to; possible > impossible; appropriate > inappropriate; adequate > inadequate; safe > unsafe;
necessary > unnecessary; admissible > inadmissible; liable > not liable; entitled > not entitled;
compatible > incompatible; supported > unsupported; mutable > immutable
"""
)

MODALS = _pairs(
    """
may > shall | must | will; shall > may | should; must > should | may; should > must | need not;
can > cannot | must; will > may | will not; might > will | must; could > will | could not
"""
)

HEDGES = _pairs(
    """
is required to > is permitted to; are required to > are permitted to; is permitted to > is required to;
are permitted to > are required to; is obligated to > is permitted to; has the right to > has the duty to;
is entitled to > is obligated to; may be > is; might be > is; suggests that > proves that;
suggest that > prove that; appears to > is proven to; appear to > are proven to; is recommended > is mandatory;
is optional > is mandatory; are recommended > are mandatory; are optional > are mandatory
"""
)

# Opposites. Where only one way is listed, the other would be idle or wrong.
OPPOSITES = _pairs(
    """
increase > decrease; decrease > increase; increases > decreases; decreases > increases; increased > decreased;
decreased > increased; increasing > decreasing; decreasing > increasing; higher > lower; lower > higher;
greater > smaller; smaller > greater; larger > smaller; longer > shorter; shorter > longer; older > younger;
faster > slower; slower > faster; more likely > less likely; less likely > more likely; more than > less than;
less than > more than; more effective > less effective; less effective > more effective; more often > less often;
less often > more often; more frequent > less frequent; less frequent > more frequent; earlier > later;
later > earlier; above > below; below > above; before > after; prior to > after; following > preceding;
improved > worsened; worsened > improved; improves > worsens; worsens > improves; improvement > deterioration;
deterioration > improvement; reduction > increase; reduced > increased; reduces > increases; reduce > increase;
upregulated > downregulated; downregulated > upregulated; upregulation > downregulation;
downregulation > upregulation; up-regulated > down-regulated; down-regulated > up-regulated; enhanced > impaired;
impaired > enhanced; enhances > impairs; impairs > enhances; inhibits > promotes; promotes > inhibits;
inhibited > promoted; promoted > inhibited; activates > inhibits; activated > inhibited; positively > negatively;
negatively > positively; weight loss > weight gain; exceeds > falls short of; ascending > descending;
descending > ascending; maximum > minimum; minimum > maximum; longest > shortest; shortest > longest;
largest > smallest; smallest > largest; highest > lowest; lowest > highest; affirmed > reversed;
reversed > affirmed; affirm > reverse; reverse > affirm; granted > denied; grant > deny; convicted > acquitted;
acquitted > convicted; enabled > disabled; enable > disable; disable > enable; enables > disables;
disables > enables; leftmost > rightmost; rightmost > leftmost; upper > lower; newer > older;
superior to > inferior to; inferior to > superior to; better than > worse than; worse than > better than;
exclude > include; excludes > includes; excluded > included; excluding > including; accept > reject;
accepted > rejected; fewer than > more than; beginning > end; first > last; encoded > decoded; decoded > encoded;
encode > decode; decode > encode; prefix > suffix; suffix > prefix; protective > harmful;
at the start > at the end; at the end > at the start; success > failure
"""
)

SCOPES = _pairs(
    """
at least > at most; at most > at least; no more than > no less than; no less than > no more than;
not less than > not more than; not more than > not less than; no fewer than > no more than; up to > at least;
some > all; most > all; many > all; several > all; all > only some; every > only one; each > only one;
often > always; usually > always; sometimes > always; rarely > often; typically > always; generally > always;
frequently > always; always > only sometimes; the majority of > a minority of; a majority of > a minority of;
half of > all of; entirely > only partly; solely > not solely; exclusively > not exclusively;
primarily > exclusively; mainly > exclusively; largely > entirely; partially > completely; a few > all;
mostly > exclusively; nearly all > only a few; in part > in full; more than half of > less than half of
"""
)

EMPTY = _words(
    """
about above after again against although among based because before being below between cannot could during
either every first given having however might neither other provided second shall should their there these those
under unless until using where whether which while within without would
"""
)
