"""The units that quantities may carry: every spelling, its name, and its exact factor to a base unit."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Unit(NamedTuple):
    """`name` is the unit itself, `base` what a quantity of it is converted to, by `factor`."""

    name: str
    base: str
    factor: Decimal


# spellings | name | base | factor to the base
_TABLE = """
%,percent,per cent|%|%|1
percentage points,percentage point|pp|pp|1
kg,kilogram,kilograms,kilo,kilos|kg|g|1000
g,gram,grams,gm|g|g|1
mg,milligram,milligrams|mg|g|0.001
µg,μg,mcg,ug,microgram,micrograms|ug|g|0.000001
ng,nanogram,nanograms|ng|g|0.000000001
pg,picogram,picograms|pg|g|0.000000000001
lb,lbs,pound,pounds|lb|lb|1
oz,ounce,ounces|oz|oz|1
ton,tons|ton|ton|1
km,kilometer,kilometers,kilometre,kilometres|km|m|1000
m,meter,meters,metre,metres|m|m|1
cm,centimeter,centimeters,centimetre,centimetres|cm|m|0.01
mm,millimeter,millimeters,millimetre,millimetres|mm|m|0.001
µm,μm,um,micrometer,micrometers,micrometre,micrometres,micron,microns|um|m|0.000001
nm,nanometer,nanometers,nanometre,nanometres|nm|m|0.000000001
mile,miles|mile|mile|1
foot,feet,ft|foot|foot|1
inch,inches|inch|inch|1
yard,yards|yard|yard|1
acre,acres|acre|acre|1
l,L,liter,liters,litre,litres|l|l|1
dl,dL,deciliter,deciliters,decilitre,decilitres|dl|l|0.1
ml,mL,milliliter,milliliters,millilitre,millilitres|ml|l|0.001
µl,μl,µL,μL,ul,uL,microliter,microliters,microlitre,microlitres|ul|l|0.000001
gallon,gallons|gallon|gallon|1
mol,mole,moles|mol|mol|1
mmol,millimole,millimoles|mmol|mol|0.001
µmol,μmol,umol,micromole,micromoles|umol|mol|0.000001
nmol,nanomole,nanomoles|nmol|mol|0.000000001
M|M|M|1
mM|mM|M|0.001
µM,μM,uM|uM|M|0.000001
nM|nM|M|0.000000001
IU,U,units,unit|unit|unit|1
mmHg,mm Hg|mmHg|mmHg|1
kcal,calories,calorie,kilocalories|kcal|kcal|1
Hz,hertz|Hz|Hz|1
kHz|kHz|Hz|1000
MHz|MHz|Hz|1000000
GHz|GHz|Hz|1000000000
°C,degrees Celsius|°C|°C|1
°F,degrees Fahrenheit|°F|°F|1
degrees,degree|degree|degree|1
Gy|Gy|Gy|1
ms,msec,millisecond,milliseconds|ms|s|0.001
µs,μs,us,microsecond,microseconds|us|s|0.000001
ns,nanosecond,nanoseconds|ns|s|0.000000001
s,sec,secs,second,seconds|s|s|1
min,mins,minute,minutes|min|s|60
h,hr,hrs,hour,hours|h|s|3600
d,day,days|day|s|86400
wk,wks,week,weeks|week|s|604800
business days,business day|business day|business day|1
month,months,mo|month|month|1
year,years,yr,yrs|year|month|12
decade,decades|decade|month|120
century,centuries|century|month|1200
year-old,years-old,years old,year old|year|month|12
byte,bytes,B|byte|byte|1
bit,bits|bit|bit|1
kB,KB,kilobyte,kilobytes|kB|kB|1
KiB,kibibyte,kibibytes|KiB|byte|1024
MB,megabyte,megabytes|MB|MB|1
MiB,mebibyte,mebibytes|MiB|byte|1048576
GB,gigabyte,gigabytes|GB|GB|1
GiB,gibibyte,gibibytes|GiB|byte|1073741824
TB,terabyte,terabytes|TB|TB|1
dollars,dollar,USD|$|$|1
euros,euro,EUR|€|€|1
cents,cent|cent|cent|1
fold|fold|fold|1
times|times|times|1
"""

UNITS: dict[str, Unit] = {
    spelling: Unit(name, base, Decimal(factor))
    for spellings, name, base, factor in (line.split("|") for line in _TABLE.strip().splitlines())
    for spelling in spellings.split(",")
}
SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "million": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "trillion": Decimal(1_000_000_000_000),
}
